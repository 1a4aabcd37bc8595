using System.Text;
using Retort.Torch.Checkpoints.Pickle;
using Retort.Torch.Checkpoints.Zip;

namespace Retort.Torch.Checkpoints;

/// <summary>PyTorch's zip format (from 1.6 on): a pickle <c>NAME/data.pkl</c> and each storage's bytes in <c>NAME/data/KEY</c>.</summary>
internal static class TorchZipReader
{
    private const string PickleName = "/data.pkl";

    public static CheckpointValue Read(CheckpointFile file, CheckpointLimits limits)
    {
        IReadOnlyDictionary<string, FileRegion> entries = ZipDirectory.Read(file).Entries;
        string[] pickles = [.. entries.Keys.Where(name => name.EndsWith(PickleName, StringComparison.Ordinal)
            && name.IndexOf('/') == name.Length - PickleName.Length)];
        if (pickles.Length != 1)
        {
            throw new CheckpointException(file.Path, null, $"a zip with {pickles.Length} entries NAME/data.pkl, a checkpoint has one",
                "it was not written by torch.save");
        }

        string prefix = pickles[0][..^PickleName.Length];
        if (entries.ContainsKey(prefix + "/constants.pkl"))
        {
            throw TorchScript(file.Path);
        }

        if (entries.TryGetValue(prefix + "/byteorder", out FileRegion? order) && ReadText(order) == "big")
        {
            throw new CheckpointException(file.Path, null, "written on a big-endian machine", "load and save it in Python on this one");
        }

        FileRegion Locate(string key) => entries.TryGetValue($"{prefix}/data/{key}", out FileRegion? region)
            ? region
            : throw new CheckpointException(file.Path, $"storage '{key}'", $"there is no zip entry {prefix}/data/{key}",
                "the file is damaged: fetch or write it again");

        var input = new PickleInput(entries[pickles[0]], file.Path, pickles[0], limits.TextBytes);
        return new Unpickler(input, new StorageTable(file.Path, Locate), limits).Read();
    }

    /// <summary>The error for a program that <c>torch.jit.save</c> wrote.</summary>
    public static CheckpointException TorchScript(string path) => new(
        path, null, "a TorchScript program (torch.jit.save), not a checkpoint",
            $"save its weights in Python: torch.save(torch.jit.load('{Path.GetFileName(path)}').state_dict(), 'weights.pth')");

    private static string ReadText(FileRegion region)
    {
        byte[] bytes = new byte[Math.Min(region.Length, 16)];
        region.Read(0, bytes);
        return Encoding.ASCII.GetString(bytes).Trim();
    }
}
