using System.Buffers.Binary;
using System.Text;

namespace Retort.Torch.Checkpoints.Zip;

/// <summary>
/// Writes a zip of uncompressed entries whose data is aligned to 64 bytes, as PyTorch does (its padding field "FB").
/// Every entry has zip64 sizes, so that one layout serves all sizes.
/// </summary>
internal sealed class StoredZipWriter(Stream output)
{
    private const int Alignment = 64;
    private const int Zip64FieldLength = 20;
    private const ushort VersionWithZip64 = 45;
    private const ushort Utf8Names = 1 << 11;
    private const ushort EarliestDate = (1 << 5) | 1; // 1 January 1980: files of equal content are equal
    private readonly List<Entry> _entries = [];

    private sealed record Entry(byte[] Name, long Start, long Size, uint Crc);

    /// <summary>Appends an entry of <paramref name="size"/> bytes, which <paramref name="write"/> writes.</summary>
    public void Add(string name, long size, Action<Stream> write)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        long start = output.Position;
        int beforePadding = 30 + utf8.Length + Zip64FieldLength + 4;
        int padding = (int)((Alignment - (start + beforePadding) % Alignment) % Alignment);
        WriteLocalHeader(utf8, size, padding);

        var counting = new ChecksumStream(output);
        write(counting);
        if (counting.Count != size)
        {
            throw new InvalidOperationException($"zip entry '{name}' was to have {size} bytes and got {counting.Count}");
        }

        long end = output.Position;
        output.Position = start + 14;
        WriteNumbers([(counting.Crc, 4)]);
        output.Position = end;
        _entries.Add(new Entry(utf8, start, size, counting.Crc));
    }

    /// <summary>Writes the directory; the zip is complete.</summary>
    public void Finish()
    {
        long start = output.Position;
        foreach (Entry entry in _entries)
        {
            WriteDirectoryEntry(entry);
        }

        long length = output.Position - start;
        long end64 = output.Position;
        WriteNumbers([(ZipEnd.Signature64, 4), (44, 8), (VersionWithZip64, 2), (VersionWithZip64, 2), (0, 4), (0, 4),
            (_entries.Count, 8), (_entries.Count, 8), (length, 8), (start, 8)]);
        WriteNumbers([(ZipEnd.LocatorSignature64, 4), (0, 4), (end64, 8), (1, 4)]);

        // Where they fit, the narrow fields hold the numbers too, for readers that know no zip64.
        WriteNumbers([(ZipEnd.Signature, 4), (0, 2), (0, 2), (Math.Min(_entries.Count, ushort.MaxValue), 2),
            (Math.Min(_entries.Count, ushort.MaxValue), 2),
            (Math.Min(length, uint.MaxValue), 4), (Math.Min(start, uint.MaxValue), 4), (0, 2)]);
    }

    private void WriteLocalHeader(byte[] name, long size, int padding)
    {
        WriteNumbers([(0x04034b50, 4), (VersionWithZip64, 2), (Utf8Names, 2), (0, 2), (0, 2), (EarliestDate, 2), (0, 4), (uint.MaxValue, 4),
            (uint.MaxValue, 4),
            (name.Length, 2), (Zip64FieldLength + 4 + padding, 2)]);
        output.Write(name);
        WriteNumbers([(1, 2), (16, 2), (size, 8), (size, 8), (0x4246, 2), (padding, 2)]);
        output.Write(Enumerable.Repeat((byte)'Z', padding).ToArray());
    }

    private void WriteDirectoryEntry(Entry entry)
    {
        WriteNumbers([(0x02014b50, 4), (VersionWithZip64, 2), (VersionWithZip64, 2), (Utf8Names, 2), (0, 2), (0, 2), (EarliestDate, 2),
            (entry.Crc, 4),
            (uint.MaxValue, 4), (uint.MaxValue, 4), (entry.Name.Length, 2), (28, 2), (0, 2), (0, 2), (0, 2), (0, 4), (uint.MaxValue, 4)]);
        output.Write(entry.Name);
        WriteNumbers([(1, 2), (24, 2), (entry.Size, 8), (entry.Size, 8), (entry.Start, 8)]);
    }

    private void WriteNumbers(ReadOnlySpan<(long Value, int Bytes)> fields)
    {
        Span<byte> number = stackalloc byte[8];
        foreach ((long value, int bytes) in fields)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            output.Write(number[..bytes]);
        }
    }
}
