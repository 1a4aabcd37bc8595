namespace Retort.Torch.Checkpoints;

/// <summary>A storage that tensors are views of. Where its bytes lie may become known only after the pickle was read.</summary>
internal sealed class StoredStorage(string file, string key, int elementSize, long count) : ByteSource
{
    private FileRegion? _region;

    public string Key => key;

    public int ElementSize => elementSize;

    /// <summary>Elements (bytes of an untyped storage).</summary>
    public long Count => count;

    public override long Length => count * elementSize;

    public bool IsResolved => _region is not null;

    /// <summary>Says where the bytes lie.</summary>
    /// <exception cref="CheckpointException">There are fewer than were announced.</exception>
    public void Resolve(FileRegion region)
    {
        if (region.Length < (Int128)count * elementSize)
        {
            throw new CheckpointException(file, $"storage '{key}'",
                $"{count} elements of {elementSize} bytes are announced, {region.Length} bytes are there",
                "the file is damaged: fetch or write it again");
        }

        _region = region;
    }

    public override void Read(long offset, Span<byte> destination) =>
        (_region ?? throw new InvalidOperationException($"storage '{key}' was read before it was resolved")).Read(offset, destination);
}

/// <summary>A storage as it stands in the tree: with its element type, or a part of one.</summary>
internal sealed class CheckpointStorage(StoredStorage storage, ScalarType? type, long offset, long count) : CheckpointValue
{
    public StoredStorage Storage => storage;

    /// <summary>Element type; null for an untyped storage, whose elements are bytes.</summary>
    public ScalarType? Type => type;

    /// <summary>First element of this part.</summary>
    public long Offset => offset;

    /// <summary>Elements of this part.</summary>
    public long Count => count;

    public override string ToString() => $"storage of {count}";
}
