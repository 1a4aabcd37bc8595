namespace Retort.Torch.Checkpoints;

/// <summary>
/// The storages that a pickle names, by key; <paramref name="locate"/> says where one lies, or null when that comes later.
/// </summary>
internal sealed class StorageTable(string file, Func<string, FileRegion>? locate = null)
{
    private readonly Dictionary<string, StoredStorage> _storages = [];

    public IReadOnlyDictionary<string, StoredStorage> Storages => _storages;

    /// <summary>The storage of a key, which must be announced alike each time.</summary>
    /// <exception cref="CheckpointException">The announcements differ, or the file has no such bytes.</exception>
    public StoredStorage Get(string key, int elementSize, long count)
    {
        if (count < 0)
        {
            throw new CheckpointException(file, $"storage '{key}'", $"{count} elements are announced");
        }

        if (!_storages.TryGetValue(key, out StoredStorage? storage))
        {
            _storages[key] = storage = new StoredStorage(file, key, elementSize, count);
            if (locate is not null)
            {
                storage.Resolve(locate(key));
            }
        }

        return (storage.ElementSize, storage.Count) == (elementSize, count)
            ? storage
            : throw new CheckpointException(file, $"storage '{key}'", "it is announced twice, with different sizes",
                "the file is damaged: fetch or write it again");
    }
}
