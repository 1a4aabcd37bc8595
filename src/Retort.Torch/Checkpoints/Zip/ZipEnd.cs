using System.Buffers.Binary;

namespace Retort.Torch.Checkpoints.Zip;

/// <summary>The end record of a zip file: where its directory lies (PKWARE's APPNOTE.TXT, sections 4.3.14 to 4.3.16).</summary>
internal readonly record struct ZipEnd(long DirectoryStart, int DirectoryLength, long EntryCount)
{
    public const uint Signature = 0x06054b50;
    public const uint Signature64 = 0x06064b50;
    public const uint LocatorSignature64 = 0x07064b50;
    private const int Length = 22;
    private const int LongestDirectory = 256 << 20;
    private const string Remedy = "the file is truncated or damaged: fetch or write it again";

    public static ZipEnd Find(CheckpointFile file)
    {
        int tailLength = (int)Math.Min(file.Length, Length + ushort.MaxValue);
        long tailStart = file.Length - tailLength;
        byte[] tail = file.Read(tailStart, tailLength);
        for (int at = tailLength - Length; at >= 0; at--)
        {
            ReadOnlySpan<byte> record = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) == Signature
                && BinaryPrimitives.ReadUInt16LittleEndian(record[20..]) == record.Length - Length)
            {
                return Checked(file, tailStart + at, record);
            }
        }

        throw new CheckpointException(file.Path, "zip directory", "the end of the zip is missing", Remedy);
    }

    private static ZipEnd Checked(CheckpointFile file, long recordStart, ReadOnlySpan<byte> record)
    {
        long count = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        long end = recordStart;
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
        {
            (start, length, count, end) = Read64(file, recordStart);
        }

        if (start < 0 || length < 0 || length > LongestDirectory || length > end - start || count < 0 || count > length / 46)
        {
            throw new CheckpointException(file.Path, "zip directory",
                $"{count} entries in {length} bytes from byte {start} on do not fit the file's {file.Length} bytes", Remedy);
        }

        return new ZipEnd(start, (int)length, count);
    }

    private static (long Start, long Length, long Count, long End) Read64(CheckpointFile file, long recordStart)
    {
        const int LocatorLength = 20, RecordLength = 56;
        if (recordStart >= LocatorLength)
        {
            byte[] locator = file.Read(recordStart - LocatorLength, LocatorLength);
            long at = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
            if (BinaryPrimitives.ReadUInt32LittleEndian(locator) == LocatorSignature64 && at >= 0
                && at <= recordStart - LocatorLength - RecordLength)
            {
                byte[] record = file.Read(at, RecordLength);
                if (BinaryPrimitives.ReadUInt32LittleEndian(record) == Signature64)
                {
                    return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)),
                        BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)),
                        BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)),
                        at);
                }
            }
        }

        throw new CheckpointException(file.Path, "zip directory", "the zip64 end record is missing", Remedy);
    }
}
