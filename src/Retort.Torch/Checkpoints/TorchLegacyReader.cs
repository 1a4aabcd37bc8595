using System.Buffers.Binary;
using System.Numerics;
using Retort.Torch.Checkpoints.Pickle;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// PyTorch's format before 1.6: five pickles (magic number, protocol version, system, the object, the keys of its storages), then for
/// each key the count of elements (8 bytes) and the bytes.
/// </summary>
internal sealed class TorchLegacyReader
{
    /// <summary>torch.serialization.MAGIC_NUMBER.</summary>
    private static readonly BigInteger s_magic = BigInteger.Parse("119547037146038801333356");

    private const int ProtocolVersion = 1001;
    private const string Damaged = "the file is truncated or damaged: fetch or write it again";
    private readonly CheckpointFile _file;
    private readonly CheckpointLimits _limits;
    private readonly FileRegion _all;
    private readonly StorageTable _storages;
    private long _position;

    private TorchLegacyReader(CheckpointFile file, CheckpointLimits limits)
    {
        (_file, _limits) = (file, limits);
        _all = new FileRegion(file, 0, file.Length);
        _storages = new StorageTable(file.Path);
    }

    public static CheckpointValue Read(CheckpointFile file, CheckpointLimits limits) => new TorchLegacyReader(file, limits).Read();

    private CheckpointValue Read()
    {
        if (Next("magic number") is not CheckpointInteger magic || magic.Value != s_magic)
        {
            throw new CheckpointException(_file.Path, null, "a pickle, but not one of torch.save",
                "load it in Python and save its tensors with torch.save");
        }

        if (Next("protocol version") is not CheckpointInteger version || version.Value != ProtocolVersion)
        {
            throw new CheckpointException(_file.Path, null, "an unknown version of PyTorch's older format", "load and save it in Python");
        }

        if (Next("system") is CheckpointDictionary system && system.Find<CheckpointBoolean>("little_endian") is { Value: false })
        {
            throw new CheckpointException(_file.Path, null, "written on a big-endian machine", "load and save it in Python on this one");
        }

        CheckpointValue root = Next("object");
        LocateStorages(Next("storage keys"));
        return root;
    }

    private CheckpointValue Next(string part)
    {
        var input = new PickleInput(_all, _file.Path, $"pickle of the {part}", _limits.TextBytes, _position);
        CheckpointValue value = new Unpickler(input, _storages, _limits).Read();
        _position = input.Position;
        return value;
    }

    private void LocateStorages(CheckpointValue keys)
    {
        foreach (CheckpointValue key in keys as CheckpointList ?? throw Error("the list of storages is missing"))
        {
            if (key is not CheckpointText { Value: string name } || !_storages.Storages.TryGetValue(name, out StoredStorage? storage)
                || storage.IsResolved)
            {
                throw Error($"storage '{key}' is listed, but not used or listed twice");
            }

            if (_file.Length - _position < 8)
            {
                throw Error($"storage '{name}' is missing");
            }

            long count = BinaryPrimitives.ReadInt64LittleEndian(_file.Read(_position, 8));
            _position += 8;
            if (count < storage.Count || (Int128)count * storage.ElementSize > _file.Length - _position)
            {
                throw Error($"storage '{name}' has {count} elements where {storage.Count} were announced and {_file.Length - _position} "
                    + "bytes are left");
            }

            storage.Resolve(new FileRegion(_file, _position, count * storage.ElementSize));
            _position += count * storage.ElementSize;
        }

        if (_storages.Storages.Values.FirstOrDefault(s => !s.IsResolved) is { } missing)
        {
            throw Error($"storage '{missing.Key}' is used, but not listed");
        }
    }

    private CheckpointException Error(string problem) => new(_file.Path, $"byte {_position}", problem, Damaged);
}
