using System.Security.Cryptography;
using Retort.Torch.Checkpoints;

namespace Retort.Testing;

/// <summary>Checkpoints as sorted lines <c>place: value</c>, so that a test can compare them and say where they differ.</summary>
public static class FlatCheckpoint
{
    /// <summary>Everything in a file but <c>meta</c>, tensors as type, shape and hash: equal lines mean equal bits.</summary>
    public static string[] Read(string path)
    {
        using Checkpoint file = Checkpoint.Open(path);
        return [.. file.Root.Where(e => e.Key.ToString() != "meta").SelectMany(e => Lines($"{e.Key}", e.Value))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The lines below one of the root's entries, such as <c>state_dict</c>.</summary>
    public static string[] Read(string path, string entry) =>
        [.. Read(path).Where(l => l.StartsWith(entry + "/", StringComparison.Ordinal))];

    private static IEnumerable<string> Lines(string place, CheckpointValue value) => value switch
    {
        CheckpointDictionary dictionary => dictionary.SelectMany(e => Lines($"{place}/{e.Key}", e.Value)),
        CheckpointList list => list.SelectMany((v, k) => Lines($"{place}/{k}", v)),
        CheckpointTensor tensor => [$"{place}: {tensor} {Convert.ToHexStringLower(SHA256.HashData(tensor.Value.Bytes))[..16]}"],
        _ => [$"{place}: {value}"],
    };
}
