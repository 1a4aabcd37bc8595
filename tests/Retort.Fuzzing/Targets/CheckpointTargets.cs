using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Retort.Fuzzing.Mutation;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Fuzzing.Targets;

/// <summary>Weights files of all three formats: opened, listed, and their tensors read.</summary>
internal static class CheckpointTargets
{
    // A tensor may be as large as its shape says without an error; reading it is the caller's decision.
    private const long LargestTensor = 1 << 20;

    // Opcodes of pickles with their arguments, and names that a reader of PyTorch files must know, or must not.
    private static readonly IReadOnlyList<byte[]> s_pickle =
    [
        .. ((string[])[
            "]", "}", "(", ")", "t", "R", ".", "0", "1", "2", "N", "\u0088", "\u0089", "a", "e", "s", "u", "b", "\u0081", "\u0085",
                "\u0086", "\u0087", "Q", "q\0", "h\0", "h\u0001", "r\0\0\0\0", "j\0\0\0\0", "\u0094",
            "\u0080\u0002", "\u0080\u0005", "\u0095\0\0\0\0\0\0\0\u0080", "K\u00ff", "M\u00ff\u00ff", "J\u00ff\u00ff\u00ff\u007f",
                "J\0\0\0\u0080", "\u008a\u0001\u00ff", "\u008a\u0009\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
                "\u008b\u00ff\u00ff\u00ff\u007f",
            "I1\n", "I01\n", "L1L\n", "F1.5\n", "Fnan\n", "G\u007f\u00f0\0\0\0\0\0\0", "U\u0001a", "X\u0001\0\0\0a",
                "X\u00ff\u00ff\u00ff\u00ff", "\u008c\u0001a", "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "B\u0001\0\0\0a",
                "C\u0001a", "Vabc\\ud800\n", "Sabc\n",
            "ctorch\nFloatStorage\n", "ctorch\nHalfStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n",
                "ctorch._utils\n_rebuild_parameter\n", "ccollections\nOrderedDict\n", "c__builtin__\nset\n", "cos\nsystem\n", "\u0093",
                "P0\n", "g0\n", "p0\n",
        ]).Select(Encoding.Latin1.GetBytes),
    ];

    public static IEnumerable<FuzzTarget> All()
    {
        var bytes = new ByteMutator();
        var pickle = new ByteMutator(s_pickle);
        return
        [
            Of("safetensors", new SafetensorsMutator(), [.. Written(path => SafetensorsFile.Write(path, Tensors(),
                new Dictionary<string, string> { ["epoch"] = "12", ["format"] = "pt" }))]),
            Of("pth-zip", new ZipMutator(bytes, pickle, CompressionLevel.NoCompression),
                [.. Written(path => TorchFile.Write(path, Root())), Zip(Tensor("4", "1")), Zip(Tensor("2,2", "1,2"))]),
            Of("pth-legacy", pickle, [Legacy(Tensor("4", "1")), Legacy(Tensor("2,2", "1,2")),
                Legacy(Tensor("2,2", "0,0", count: "1"), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 63])]),
        ];
    }

    private static FuzzTarget Of(string name, IMutator mutator, IReadOnlyList<byte[]> seeds) =>
        new() { Name = name, Mutator = mutator, Seeds = seeds, File = "weights", Read = folder => Read(Path.Combine(folder, "weights")) };

    private static void Read(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        CheckpointListing listing = CheckpointListing.Of(checkpoint);
        _ = listing.ElementCount + listing.ByteCount;
        foreach (StoredTensor tensor in checkpoint.StateDict.Select(t => t.Value).Where(t => t.ByteCount <= LargestTensor))
        {
            _ = tensor.Bytes.Length;
        }
    }

    private static IEnumerable<KeyValuePair<string, StoredTensor>> Tensors() =>
    [
        new("backbone.conv1.weight", new StoredTensor(ScalarType.Float32, [2, 3], new byte[24])),
        new("bbox_head.scales.0.scale", new StoredTensor(ScalarType.Float32, [], new byte[4])),
        new("backbone.bn1.num_batches_tracked", new StoredTensor(ScalarType.Int64, [], new byte[8])),
        new("mask", new StoredTensor(ScalarType.Bool, [3], new byte[3])),
    ];

    private static CheckpointDictionary Root()
    {
        var weights = new CheckpointDictionary();
        foreach ((string name, StoredTensor tensor) in Tensors())
        {
            weights[name] = tensor;
        }

        return new CheckpointDictionary
        {
            ["meta"] = new CheckpointDictionary { ["epoch"] = 12, ["rate"] = 0.01, ["name"] = "gfl", ["best"] = true },
            ["state_dict"] = weights,
        };
    }

    private static IEnumerable<byte[]> Written(Action<string> write)
    {
        string path = Path.GetTempFileName();
        write(path);
        yield return File.ReadAllBytes(path);
        File.Delete(path);
    }

    private static byte[] Zip(string pickle) =>
        ZipMutator.Build(CompressionLevel.NoCompression, [("archive/data.pkl", Encoding.Latin1.GetBytes(pickle)),
            ("archive/data/0", new byte[16]), ("archive/version", "3\n"u8.ToArray())]);

    /// <summary>The five pickles of PyTorch before 1.6 around an object's pickle, and its one storage.</summary>
    private static byte[] Legacy(string pickle, byte[]? storage = null)
    {
        byte[] four = new byte[8 + 16];
        BinaryPrimitives.WriteInt64LittleEndian(four, 4);
        string first = "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\u0002M\u00e9\u0003.\u0080\u0002}.";
        return [.. Encoding.Latin1.GetBytes(first + pickle + "\u0080\u0002]U\u00010a."), .. storage ?? four];
    }

    /// <summary>The pickle of {'w': tensor} over a storage "0" of floats.</summary>
    private static string Tensor(string size, string stride, string count = "4") =>
        $"\u0080\u0002}}U\u0001wctorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuI{count}\ntQ"
        + $"I0\n{Integers(size)}{Integers(stride)}\u0089}}tRs.";

    private static string Integers(string list) => "(" + string.Concat(list.Split(',').Select(i => $"I{i}\n")) + "t";
}
