using System.Buffers.Binary;
using System.IO.Compression;
using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class HostileZipTests
{
    private static readonly byte[] s_four = new byte[16];

    private static byte[] Good => PickleBytes.Zip(PickleBytes.Tensor("4", "1"), ("archive/data/0", s_four));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("archive/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("archive\\..\\x")]
    [InlineData("C:/x")]
    public void Names_that_lead_out_of_the_archive_are_refused(string name)
    {
        CheckpointException error = Refused(PickleBytes.Zip(PickleBytes.Tensor("4", "1"), ("archive/data/0", s_four), (name, [1])));
        Assert.Contains($"zip entry '{name}': the name leads out of the archive", error.Message);
    }

    [Fact]
    public void A_storage_key_that_leads_out_finds_nothing()
    {
        string pickle = PickleBytes.Tensor("4", "1").Replace(PickleBytes.Text("0"), PickleBytes.Text("../../../etc/hostname"));
        Assert.Contains("there is no zip entry", Refused(PickleBytes.Zip(pickle, ("archive/data/0", s_four))).Message);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        byte[] whole = Good;
        for (int length = 0; length < whole.Length; length++)
        {
            Refused(whole[..length]);
        }
    }

    [Fact]
    public void A_bomb_of_compressed_zeros_is_refused_unread()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream pickle = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open())
            {
                pickle.Write(PickleBytes.Bytes(PickleBytes.Tensor("16777216", "1", count: "16777216")));
            }

            using Stream bomb = zip.CreateEntry("archive/data/0", CompressionLevel.SmallestSize).Open();
            bomb.Write(new byte[64 << 20]);
        }

        CheckpointException error = Refused(stream.ToArray());
        Assert.Contains("zip entry 'archive/data/0': it is compressed", error.Message);
        Assert.Contains("zip -0", error.Message);
    }

    [Theory]
    [InlineData(24, 0x7fffffff)] // unpacked size
    [InlineData(20, 0x7fffffff)] // packed size
    [InlineData(42, 0x7fffffff)] // place of the local header
    [InlineData(42, 1)] // not a local header
    [InlineData(24, -1)] // zip64 size that is missing
    [InlineData(28, 0xffff)] // length of the name
    public void Lies_of_the_directory_are_refused(int field, int value)
    {
        byte[] file = Good;
        int entry = LastEntry(file);
        if (field == 28)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(entry + field), (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entry + field), value);
        }

        Refused(file);
    }

    [Fact]
    public void Both_sizes_beyond_the_file_are_refused()
    {
        byte[] file = Good;
        int entry = LastEntry(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entry + 20), 0x70000000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(entry + 24), 0x70000000);
        Assert.Contains("do not lie within", Refused(file).Message);
    }

    [Fact]
    public void Entries_that_share_bytes_are_refused()
    {
        byte[] file = Good;
        int last = LastEntry(file);

        // The second entry points to the first one's data: how a "better zip bomb" (Fifield 2019) multiplies it.
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(last + 42), 0);
        Assert.Contains("overlaps", Refused(file).Message);
    }

    [Fact]
    public void Two_entries_of_one_name_are_refused() =>
        Assert.Contains("two entries of this name", Refused(PickleBytes.Zip(
            PickleBytes.Tensor("4", "1"), ("archive/data/0", s_four), ("archive/data/0", s_four))).Message);

    [Theory]
    [InlineData("archive/constants.pkl", "TorchScript")]
    [InlineData("second/data.pkl", "2 entries NAME/data.pkl")]
    public void Other_zips_are_told_apart(string entry, string message) =>
        Assert.Contains(message, Refused(PickleBytes.Zip(PickleBytes.Tensor("4", "1"), ("archive/data/0", s_four), (entry, [1]))).Message);

    [Fact]
    public void Big_endian_files_are_refused() =>
        Assert.Contains("big-endian", Refused(PickleBytes.Zip(PickleBytes.Tensor("4", "1"), ("archive/data/0", s_four),
            ("archive/byteorder", "big"u8.ToArray()))).Message);

    private static int LastEntry(byte[] file) => file.AsSpan().LastIndexOf("PK\u0001\u0002"u8);

    private static CheckpointException Refused(byte[] file)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.pth", file);
        return Assert.Throws<CheckpointException>(() => Checkpoint.Open(path).Dispose());
    }
}
