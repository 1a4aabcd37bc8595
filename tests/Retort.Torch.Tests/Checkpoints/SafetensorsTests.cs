using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class SafetensorsTests
{
    private static readonly Gen<(ScalarType Type, long[] Shape)> s_tensor =
        Gen.Select(Gen.Int[0, 9].Select(i => Enum.GetValues<ScalarType>()[i]), Gen.Long[0, 5].Array[0, 4]);

    [Fact]
    public void What_is_written_is_read_back_in_order() => Gen.Select(s_tensor.Array[0, 8], Gen.String.Array[0, 3]).Sample((specs, texts) =>
    {
        using var folder = new TemporaryFolder();
        KeyValuePair<string, StoredTensor>[] tensors =
            [.. specs.Select((s, i) => KeyValuePair.Create($"t.{i}é\"", TestTensors.Random(s.Type, s.Shape, i)))];
        Dictionary<string, string> metadata =
            texts.Select((t, i) => (t, i)).ToDictionary(p => $"k{p.i}", p => new string([.. p.t.Where(c => !char.IsSurrogate(c))]));

        SafetensorsFile.Write(folder["a"], tensors, metadata);
        SafetensorsFile read = SafetensorsFile.Read(folder["a"]);

        Assert.Equal(tensors.Select(t => t.Key), read.Tensors.Keys);
        Assert.Equal(metadata.OrderBy(p => p.Key), read.Metadata.OrderBy(p => p.Key));
        foreach ((string name, StoredTensor tensor) in tensors)
        {
            Assert.Equal(tensor.Type, read.Tensors[name].Type);
            Assert.Equal(tensor.Shape, read.Tensors[name].Shape);
            Assert.Equal(tensor.Bytes, read.Tensors[name].Bytes);
        }

        Assert.Equal([folder["a"]], Directory.GetFiles(folder.Path));
    }, iter: 100);

    [Fact]
    public void Data_is_aligned_to_its_element_size()
    {
        using var folder = new TemporaryFolder();
        SafetensorsFile.Write(folder["a"], [KeyValuePair.Create("byte", TestTensors.Random(ScalarType.UInt8, [3], 0)),
            KeyValuePair.Create("long", TestTensors.Random(ScalarType.Int64, [2], 0))]);
        byte[] file = File.ReadAllBytes(folder["a"]);
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(file) % 8);
        Assert.Contains("\"data_offsets\":[0,16]", Encoding.UTF8.GetString(file));
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}}", "bad header")] // more bytes than the shape
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}", "do not lie within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-16,0]}}", "do not lie within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}", "do not lie within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,9223372036854775807]}}", "do not lie within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16,16]}}", "do not lie within")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}", "bad header")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,1e99]}}", "bad header")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,16]}}", "2^63")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2,-2],\"data_offsets\":[0,16]}}", "negative")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":\"4\",\"data_offsets\":[0,16]}}", "bad header")]
    [InlineData("{\"a\":{\"dtype\":\"F8\",\"shape\":[16],\"data_offsets\":[0,16]}}", "dtype 'F8' is not one of")]
    [InlineData("{\"a\":{\"dtype\":1,\"shape\":[16],\"data_offsets\":[0,16]}}", "bad header")]
    [InlineData("{\"a\":{\"shape\":[4],\"data_offsets\":[0,16]}}", "bad header")]
    [InlineData("{\"a\":[]}", "bad header")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", "overlap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "overlap")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", "hole")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "the tensors end at byte 8")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "not the JSON")]
    [InlineData("{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "only strings")]
    [InlineData("{\"__metadata__\":[1],\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "not the JSON")]
    [InlineData("{\"a\":[[[[[[[[[[]]]]]]]]]]}", "not the JSON")]
    [InlineData("[1]", "not the JSON")]
    [InlineData("{\"a\":", "not the JSON")]
    public void Bad_headers_are_refused(string json, string message)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.safetensors", FileOf(json, 16));
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => SafetensorsFile.Read(path)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Files_without_a_header_are_refused(int length)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.safetensors", new byte[length]);
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Read(path));
    }

    [Theory]
    [InlineData(1000UL)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000000000000000UL)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        using var folder = new TemporaryFolder();
        byte[] file = FileOf("{}", 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        Assert.Contains("claims", Assert.Throws<CheckpointException>(() => SafetensorsFile.Read(folder.Write("a", file))).Message);
    }

    [Fact]
    public void Tensors_beyond_2_GB_are_read_in_pieces()
    {
        // A sparse file: only its last bytes take room on the disk.
        using var folder = new TemporaryFolder();
        const long Count = 3L << 30;
        byte[] header = FileOf($"{{\"a\":{{\"dtype\":\"U8\",\"shape\":[{Count}],\"data_offsets\":[0,{Count}]}}}}", 0);
        using (FileStream stream = File.Create(folder["a"]))
        {
            stream.Write(header);
            stream.Position += Count - 1;
            stream.WriteByte(42);
        }

        using SafetensorsFile file = SafetensorsFile.Open(folder["a"]);
        byte[] last = new byte[2];
        file.Tensors["a"].Read(Count - 2, last);
        Assert.Equal([0, 42], last);
        Assert.Throws<InvalidOperationException>(() => file.Tensors["a"].Bytes.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors["a"].Read(Count - 1, last));
    }

    [Fact]
    public void Reserved_and_repeated_names_are_not_written()
    {
        using var folder = new TemporaryFolder();
        StoredTensor tensor = TestTensors.Floats([1], 1);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(folder["a"], [KeyValuePair.Create("__metadata__", tensor)]));
        Assert.Throws<ArgumentException>(
            () => SafetensorsFile.Write(folder["a"], [KeyValuePair.Create("x", tensor), KeyValuePair.Create("x", tensor)]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static byte[] FileOf(string json, int dataLength)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        return file;
    }
}
