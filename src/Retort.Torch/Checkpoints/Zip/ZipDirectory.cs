using System.Buffers.Binary;
using System.Text;

namespace Retort.Torch.Checkpoints.Zip;

/// <summary>
/// The entries of a zip file as regions of it. Only uncompressed entries are taken (PyTorch writes no others), so that nothing can
/// grow when it is read; names, bounds and overlaps are checked. Nothing is ever unpacked to the disk.
/// Numbers of sections refer to PKWARE's APPNOTE.TXT.
/// </summary>
internal sealed class ZipDirectory
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const string Damaged = "the file is truncated or damaged: fetch or write it again";
    private readonly CheckpointFile _file;
    private readonly ZipEnd _end;
    private readonly OrderedDictionary<string, FileRegion> _entries = [];

    private ZipDirectory(CheckpointFile file, ZipEnd end) => (_file, _end) = (file, end);

    /// <summary>The data of the entries by name.</summary>
    public IReadOnlyDictionary<string, FileRegion> Entries => _entries;

    /// <summary>Reads the central directory.</summary>
    /// <exception cref="CheckpointException">The file is truncated, damaged, compressed or hostile.</exception>
    public static ZipDirectory Read(CheckpointFile file)
    {
        var directory = new ZipDirectory(file, ZipEnd.Find(file));
        directory.ReadEntries();
        directory.CheckOverlaps();
        return directory;
    }

    private void ReadEntries()
    {
        byte[] bytes = _file.Read(_end.DirectoryStart, _end.DirectoryLength);
        int at = 0;
        for (long i = 0; i < _end.EntryCount; i++)
        {
            if (bytes.Length - at < 46 || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) != CentralHeader)
            {
                throw new CheckpointException(_file.Path, "zip directory", $"entry {i} of {_end.EntryCount} is not there", Damaged);
            }

            ReadOnlySpan<byte> header = bytes.AsSpan(at);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            int length = 46 + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            if (length > header.Length)
            {
                throw new CheckpointException(_file.Path, "zip directory", $"entry {i} reaches beyond the directory", Damaged);
            }

            AddEntry(header[..46], Encoding.UTF8.GetString(header.Slice(46, nameLength)), header.Slice(46 + nameLength, extraLength));
            at += length;
        }
    }

    private void AddEntry(ReadOnlySpan<byte> header, string name, ReadOnlySpan<byte> extra)
    {
        CheckName(name);
        if ((header[8] & 1) != 0 || BinaryPrimitives.ReadUInt16LittleEndian(header[10..]) != 0)
        {
            // TorchScript compresses its source code, and only that.
            if (name.Contains("/code/", StringComparison.Ordinal))
            {
                throw TorchZipReader.TorchScript(_file.Path);
            }

            throw Error(name, "it is compressed or encrypted; PyTorch writes neither",
                "unpack the zip and pack it again without compression (zip -0)");
        }

        // Section 4.5.3: fields that are all ones lie in the zip64 extra field, in this order.
        ReadOnlySpan<byte> wide = Zip64Extra(extra);
        long size = Widen(name, BinaryPrimitives.ReadUInt32LittleEndian(header[24..]), ref wide);
        long packed = Widen(name, BinaryPrimitives.ReadUInt32LittleEndian(header[20..]), ref wide);
        long start = Widen(name, BinaryPrimitives.ReadUInt32LittleEndian(header[42..]), ref wide);
        if (size != packed)
        {
            throw Error(name, $"it is said to be stored, but {packed} bytes unfold to {size}", "do not trust the file");
        }

        if (!_entries.TryAdd(name, Locate(name, start, size)))
        {
            throw Error(name, "there are two entries of this name", "do not trust the file");
        }
    }

    private FileRegion Locate(string name, long start, long size)
    {
        if (start < 0 || start > _end.DirectoryStart - 30)
        {
            throw Error(name, $"it is said to begin at byte {start}, outside the file's data", Damaged);
        }

        byte[] local = _file.Read(start, 30);
        long data = start + 30 + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26))
            + BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalHeader || data > _end.DirectoryStart || size < 0
            || size > _end.DirectoryStart - data)
        {
            throw Error(name, $"its {size} bytes from byte {data} on do not lie within the file's {_file.Length}", Damaged);
        }

        return new FileRegion(_file, data, size);
    }

    /// <summary>Overlapping entries are how a small zip claims a huge content.</summary>
    private void CheckOverlaps()
    {
        long end = 0;
        foreach ((string name, FileRegion region) in _entries.OrderBy(e => e.Value.Start))
        {
            if (region.Start < end)
            {
                throw Error(name, "it overlaps another entry", "do not trust the file");
            }

            end = region.Start + region.Length;
        }
    }

    private void CheckName(string name)
    {
        if (name.Length == 0 || name[0] == '/' || name.AsSpan().IndexOfAny('\\', ':', '\0') >= 0 || name.Split('/').Contains(".."))
        {
            throw Error(name.Replace('\0', '?'), "the name leads out of the archive", "do not trust the file");
        }
    }

    private static ReadOnlySpan<byte> Zip64Extra(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return default;
    }

    private long Widen(string name, uint narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue)
        {
            return narrow;
        }

        if (wide.Length < 8)
        {
            throw Error(name, "its zip64 sizes are missing", Damaged);
        }

        long value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
        return value;
    }

    private CheckpointException Error(string name, string problem, string remedy) =>
        new(_file.Path, $"zip entry '{name}'", problem, remedy);
}
