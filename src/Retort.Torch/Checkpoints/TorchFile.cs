using System.Text;
using Retort.Core;
using Retort.Core.Files;
using Retort.Torch.Checkpoints.Pickle;
using Retort.Torch.Checkpoints.Zip;

namespace Retort.Torch.Checkpoints;

/// <summary>Writes PyTorch's zip format, which <c>torch.load</c> reads from version 1.6 on.</summary>
public static class TorchFile
{
    private const string Archive = "archive";

    /// <summary>
    /// Writes a tree, whole or not at all (see <see cref="AtomicFile"/>). A state dict goes in by <see cref="StateDict.ToValue"/>;
    /// nested dictionaries, lists, tuples, numbers and texts stand beside it as in Python. Equal trees give equal files.
    /// </summary>
    /// <exception cref="ArgumentException">The tree holds an <see cref="InertObject"/>, or is nested more than 100 deep.</exception>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void Write(string path, CheckpointValue root)
    {
        var pickler = new Pickler();
        byte[] pickle = pickler.Write(root);
        AtomicFile.Write(path, file =>
        {
            var zip = new StoredZipWriter(file);
            Add(zip, "data.pkl", pickle);
            Add(zip, "byteorder", Encoding.ASCII.GetBytes("little"));
            for (int key = 0; key < pickler.Tensors.Count; key++)
            {
                StoredTensor tensor = pickler.Tensors[key];
                zip.Add($"{Archive}/data/{key}", tensor.ByteCount, tensor.CopyTo);
            }

            Add(zip, "version", Encoding.ASCII.GetBytes("3\n"));
            zip.Finish();
        });
    }

    private static void Add(StoredZipWriter zip, string name, byte[] content) =>
        zip.Add($"{Archive}/{name}", content.Length, stream => stream.Write(content));
}
