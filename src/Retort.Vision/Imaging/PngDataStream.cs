namespace Retort.Vision.Imaging;

/// <summary>The IDAT chunks of a PNG file, read as one stream.</summary>
internal sealed unsafe class PngDataStream(byte* file, List<(int Offset, int Length)> chunks) : ForwardStream
{
    private int _chunk;
    private int _position;

    public override int Read(Span<byte> buffer)
    {
        while (_chunk < chunks.Count && _position == chunks[_chunk].Length)
        {
            (_chunk, _position) = (_chunk + 1, 0);
        }

        if (_chunk == chunks.Count)
        {
            return 0;
        }

        (int offset, int length) = chunks[_chunk];
        int count = Math.Min(buffer.Length, length - _position);
        new ReadOnlySpan<byte>(file + offset + _position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
