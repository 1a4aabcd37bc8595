using System.IO.Compression;
using System.Text;

namespace Retort.Torch.Tests.Checkpoints;

/// <summary>Pickles put together by hand, and files around them.</summary>
internal static class PickleBytes
{
    /// <summary>The five pickles of the older format around an object's pickle; no storages unless given.</summary>
    public static byte[] Legacy(string pickle, string keys = "].", params byte[] storages) =>
        [.. Bytes("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."), .. Bytes("\u0080\u0002M\u00e9\u0003."),
            .. Bytes("\u0080\u0002}."), .. Bytes(pickle), .. Bytes("\u0080\u0002" + keys), .. storages];

    /// <summary>A zip of uncompressed entries in the folder "archive" with a pickle.</summary>
    public static byte[] Zip(string pickle, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in ((string, byte[])[])[("archive/data.pkl", Bytes(pickle)), .. entries])
            {
                using Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The pickle of {'w': tensor} with a float storage "0"; numbers are written in protocol 0.</summary>
    public static string Tensor(string size, string stride, string offset = "0", string count = "4",
        string storageClass = "FloatStorage") =>
        $"\u0080\u0002}}U\u0001wctorch._utils\n_rebuild_tensor_v2\n(({Text("storage")}ctorch\n{storageClass}\n{Text("0")}{Text("cpu")}I{count}\ntQI{offset}\n{Integers(size)}{Integers(stride)}\u0089}}tRs.";

    public static string Text(string text) => "U" + (char)text.Length + text;

    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    private static string Integers(string list) =>
        "(" + string.Concat(list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(i => $"I{i}\n")) + "t";
}
