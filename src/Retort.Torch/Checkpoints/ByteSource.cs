namespace Retort.Torch.Checkpoints;

/// <summary>Bytes that may lie in memory or in a file; read in pieces, so that nothing limits them to 2 GB.</summary>
internal abstract class ByteSource
{
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on; both lie within the source.</summary>
    public abstract void Read(long offset, Span<byte> destination);
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public ReadOnlyMemory<byte> Bytes => bytes;

    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> destination) =>
        bytes.Span.Slice(checked((int)offset), destination.Length).CopyTo(destination);
}

/// <summary>A part of a file.</summary>
internal sealed class FileRegion(CheckpointFile file, long start, long length) : ByteSource
{
    public CheckpointFile File => file;

    public long Start => start;

    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || destination.Length > length - offset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"{destination.Length} bytes do not lie within {length}");
        }

        file.Read(start + offset, destination);
    }
}
