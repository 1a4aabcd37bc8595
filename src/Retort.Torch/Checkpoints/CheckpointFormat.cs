using System.Text;

namespace Retort.Torch.Checkpoints;

/// <summary>The formats that can be read.</summary>
public enum CheckpointFormat
{
    /// <summary>safetensors.</summary>
    Safetensors,
    /// <summary>PyTorch's zip format (from 1.6 on).</summary>
    TorchZip,
    /// <summary>PyTorch's older format of concatenated pickles.</summary>
    TorchLegacy,
}

/// <summary>Tells formats by the first bytes; names are not trusted.</summary>
internal static class CheckpointSniffer
{
    private static readonly (string Start, string What, string Remedy)[] s_others =
    [
        ("version https://git-lfs", "a pointer of Git LFS, not the file itself", "run: git lfs pull"),
        ("<!DOCTYPE", "a web page, not a checkpoint", "download the file itself; the link led to a page"),
        ("<html", "a web page, not a checkpoint", "download the file itself; the link led to a page"),
        ("\u001f\u008b", "a gzip file", "unpack it first"),
        ("\u0089HDF", "an HDF5 file", "convert it in Python to safetensors"),
        ("{", "a JSON file", "name the weights, not an index or a configuration"),
    ];

    /// <exception cref="CheckpointException">The file is of no known format.</exception>
    public static CheckpointFormat Sniff(CheckpointFile file)
    {
        byte[] start = file.Read(0, (int)Math.Min(file.Length, 512));
        if (start.Length == 0)
        {
            throw new CheckpointException(file.Path, null, "the file is empty", "its writing or download failed: fetch or write it again");
        }

        if (start.AsSpan().StartsWith("PK\u0003\u0004"u8) || start.AsSpan().StartsWith("PK\u0005\u0006"u8))
        {
            return CheckpointFormat.TorchZip;
        }

        // The length of a safetensors header is below 100 MB, so its upper bytes are zero and the JSON follows.
        if (start.Length > 8 && start[8] == '{' && BitConverter.ToUInt64(start) <= SafetensorsHeader.LargestHeader)
        {
            return CheckpointFormat.Safetensors;
        }

        if (start[0] == Pickle.PickleOpcode.Proto)
        {
            return CheckpointFormat.TorchLegacy;
        }

        throw Unknown(file.Path, start);
    }

    private static CheckpointException Unknown(string path, byte[] start)
    {
        string text = Encoding.Latin1.GetString(start);
        foreach ((string other, string what, string remedy) in s_others)
        {
            if (text.StartsWith(other, StringComparison.OrdinalIgnoreCase))
            {
                return new CheckpointException(path, null, what, remedy);
            }
        }

        return text.Length > 262 && text[257..].StartsWith("ustar", StringComparison.Ordinal)
            ? new CheckpointException(path, null, "a tar file, as PyTorch wrote before 0.2", "load and save it in Python")
            : new CheckpointException(path, null, "neither safetensors nor a checkpoint of PyTorch",
                "check that the file is the right one and complete");
    }
}
