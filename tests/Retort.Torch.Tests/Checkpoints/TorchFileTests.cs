using System.IO.Compression;
using System.IO.Hashing;
using CsCheck;
using Retort.Torch.Checkpoints;
using Retort.Torch.Checkpoints.Zip;

namespace Retort.Torch.Tests.Checkpoints;

public class TorchFileTests
{
    private static readonly Gen<CheckpointValue> s_scalar = Gen.OneOf(
        Gen.Long.Select(v => (CheckpointValue)v), Gen.Double.Select(v => (CheckpointValue)v), Gen.Bool.Select(v => (CheckpointValue)v),
        Gen.String.Select(v => (CheckpointValue)new string([.. v.Where(c => !char.IsSurrogate(c))])),
            Gen.Const((CheckpointValue)CheckpointNone.Instance),
        Gen.Byte.Array[0, 20].Select(v => (CheckpointValue)new CheckpointBytes(v)),
        Gen.Select(Gen.Int[0, 9], Gen.Long[0, 3].Array[0, 3])
            .Select((t, s) => (CheckpointValue)TestTensors.Random(Enum.GetValues<ScalarType>()[t], s, t)));

    private static readonly Gen<CheckpointValue> s_tree = Gen.Recursive<CheckpointValue>((depth, inner) => depth > 3 ? s_scalar : Gen.OneOf(
        s_scalar,
        Gen.Select(inner.Array[0, 4], Gen.Int[0, 1])
            .Select((items, kind) => (CheckpointValue)new CheckpointList(items, (CheckpointListKind)kind)),
        Gen.Select(inner.Array[0, 4], Gen.Bool).Select((items, ordered) => (CheckpointValue)Dictionary(items, ordered))));

    [Fact]
    public void Trees_come_back_as_they_were_written() => s_tree.Array[0, 4].Sample(items =>
    {
        using var folder = new TemporaryFolder();
        CheckpointDictionary root = Dictionary(items, ordered: false);
        TorchFile.Write(folder["a"], root);
        using Checkpoint read = Checkpoint.Open(folder["a"]);
        AssertEqual(root, read.Root);
    }, iter: 200);

    [Fact]
    public void Data_is_aligned_and_other_zip_readers_agree()
    {
        using var folder = new TemporaryFolder();
        TorchFile.Write(folder["a"], Dictionary([TestTensors.Floats([3], 1, 2, 3), TestTensors.Floats([1], 4)], ordered: true));
        using var file = new CheckpointFile(folder["a"]);
        Assert.All(ZipDirectory.Read(file).Entries.Values, region => Assert.Equal(0, region.Start % 64));

        using ZipArchive zip = ZipFile.OpenRead(folder["a"]);
        Assert.Equal(["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/version"],
            zip.Entries.Select(e => e.FullName));
        using var content = new MemoryStream();
        zip.Entries[2].Open().CopyTo(content);
        Assert.Equal(TestTensors.Floats([3], 1, 2, 3).Bytes, content.ToArray());
        Assert.Equal(0xCBF43926, Crc32.HashToUInt32("123456789"u8)); // the published check value of zip's polynomial
        Assert.Equal(Crc32.HashToUInt32(content.ToArray()), zip.Entries[2].Crc32);
    }

    [Fact]
    public void Equal_trees_give_equal_files()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["a", "b"])
        {
            TorchFile.Write(folder[name], Dictionary([TestTensors.Floats([3], 1, 2, 3)], ordered: true));
        }

        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void Inert_objects_and_endless_trees_are_not_written()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => TorchFile.Write(folder["a"], new InertObject("os.system", 0, called: true)));
        var endless = new CheckpointList([]);
        endless.Add(endless);
        Assert.Throws<ArgumentException>(() => TorchFile.Write(folder["a"], endless));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static CheckpointDictionary Dictionary(CheckpointValue[] items, bool ordered)
    {
        var made = new CheckpointDictionary(ordered);
        for (int i = 0; i < items.Length; i++)
        {
            made[i % 2 == 0 ? $"k{i}" : (CheckpointValue)i] = items[i];
        }

        return made;
    }

    private static void AssertEqual(CheckpointValue expected, CheckpointValue actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        switch (expected)
        {
            case CheckpointTensor tensor:
                StoredTensor read = ((CheckpointTensor)actual).Value;
                Assert.Equal(tensor.Value.Type, read.Type);
                Assert.Equal(tensor.Value.Shape, read.Shape);
                Assert.Equal(tensor.Value.Bytes, read.Bytes);
                break;
            case CheckpointBytes bytes:
                Assert.Equal(bytes.Value.ToArray(), ((CheckpointBytes)actual).Value.ToArray());
                break;
            case CheckpointList list:
                Assert.Equal(list.Kind, ((CheckpointList)actual).Kind);
                Assert.Equal(list.Count, ((CheckpointList)actual).Count);
                Assert.All(list, (item, i) => AssertEqual(item, ((CheckpointList)actual)[i]));
                break;
            case CheckpointDictionary dictionary:
                Assert.Equal(dictionary.IsOrdered, ((CheckpointDictionary)actual).IsOrdered);
                Assert.Equal(dictionary.Select(e => e.Key), ((CheckpointDictionary)actual).Select(e => e.Key));
                Assert.All(dictionary, entry => AssertEqual(entry.Value, ((CheckpointDictionary)actual)[entry.Key]));
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }
}
