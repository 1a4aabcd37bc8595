using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class HostilePickleTests
{
    private static readonly byte[] s_four = new byte[16];

    public static TheoryData<bool> BothFormats => [true, false];

    [Theory]
    [MemberData(nameof(BothFormats))]
    public void A_call_is_not_executed_but_listed_and_refused_when_its_tensor_is_asked_for(bool zip)
    {
        using var folder = new TemporaryFolder();
        string marker = folder["executed"];
        string command = $"touch {marker}";
        string pickle =
            $"\u0080\u0002}}({PickleBytes.Text("evil")}cos\nsystem\n{PickleBytes.Text(command)}\u0085R{PickleBytes.Text("good")}"
            + PickleBytes.Tensor("4", "1")[6..^2] + "u.";
        string path = zip
            ? folder.Write("a.pth", PickleBytes.Zip(pickle, ("archive/data/0", s_four)))
            : folder.Write("a.pth", PickleBytes.Legacy(pickle, $"]{PickleBytes.Text("0")}a.", [4, 0, 0, 0, 0, 0, 0, 0, .. s_four]));

        using Checkpoint checkpoint = Checkpoint.Open(path);

        Assert.Equal([4], checkpoint.StateDict["good"].Shape);
        CheckpointException error = Assert.Throws<CheckpointException>(() => checkpoint.StateDict["evil"]);
        Assert.Contains("evil: refused: the pickle calls os.system", error.Message);
        Assert.Contains("never executed", error.Message);
        ListedValue refused = Assert.Single(CheckpointListing.Of(checkpoint).Refused);
        Assert.Equal(new ListedValue("evil", "<call of os.system, not executed>"), refused);
        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData("cos\nsystem\n(U\u0004ls -tR.", "os.system")] // protocol 0 style
    [InlineData("(cos\nsystem\nU\u0002lso.", "os.system")] // OBJ
    [InlineData("(U\u0002lsios\nsystem\n.", "os.system")] // INST
    [InlineData("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0002ls\u0085\u0081.", "os.system")] // STACK_GLOBAL, NEWOBJ
    [InlineData("c__builtin__\neval\nU\u00011\u0085Rb.", null)] // BUILD of nothing
    [InlineData("ccollections\nOrderedDict\n)Rcos\nsystem\nb)R.", null)] // calls what is no function
    public void A_call_as_the_whole_object_is_refused(string pickle, string? global)
    {
        CheckpointException error = Refused(PickleBytes.Legacy(pickle));
        Assert.Contains(global is null ? "pickle of the object, offset" : $"refused: the pickle calls {global}", error.Message);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_an_error_that_says_so()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = PickleBytes.Legacy(PickleBytes.Tensor("4", "1"), $"]{PickleBytes.Text("0")}a.", [4, 0, 0, 0, 0, 0, 0, 0, .. s_four]);
        using (Checkpoint.Open(folder.Write("whole", whole)))
        {
        }

        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write("cut", whole.AsSpan(0, length));
            CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path).Dispose());
            Assert.Equal(path, error.File);
        }
    }

    [Theory]
    [InlineData("5", "1", "0", "4")] // beyond the storage
    [InlineData("4", "1", "1", "4")] // offset beyond
    [InlineData("4", "-1", "3", "4")] // negative stride
    [InlineData("4", "1", "-1", "4")] // negative offset
    [InlineData("-4", "1", "0", "4")] // negative size
    [InlineData("2,-2", "1,1", "0", "4")]
    [InlineData("0,-2", "1,1", "0", "4")]
    [InlineData("2", "9223372036854775807", "9223372036854775807", "4")] // overflow of the offset
    [InlineData("4294967296,4294967296,4294967296", "0,0,0", "0", "4")] // overflow of the count
    [InlineData("1099511627776", "0", "0", "4")] // a small storage unfolds to 4 TB
    [InlineData("4,4", "1", "0", "4")] // strides missing
    [InlineData("4", "1", "0", "5")] // storage larger than its bytes
    [InlineData("4", "1", "0", "4611686018427387905")] // storage whose bytes overflow
    [InlineData("4", "1", "0", "-1")]
    [InlineData("4", "1", "99999999999999999999999", "4")]
    public void Absurd_tensors_are_refused(string size, string stride, string offset, string count)
    {
        string pickle = PickleBytes.Tensor(size, stride, offset, count);
        CheckpointException error = Refused(PickleBytes.Zip(pickle, ("archive/data/0", s_four)));
        Assert.True(error.Message.Contains("storage '0'") || error.Message.Contains("offset"), error.Message);
        Refused(PickleBytes.Legacy(pickle, $"]{PickleBytes.Text("0")}a.", [4, 0, 0, 0, 0, 0, 0, 0, .. s_four]));
    }

    [Theory]
    [InlineData("storage classes", "ComplexFloatStorage")]
    [InlineData("storage classes", "QInt8Storage")]
    public void Unsupported_storages_are_named(string what, string storageClass) =>
        Assert.Contains($"class torch.{storageClass}", Refused(PickleBytes.Zip(
            PickleBytes.Tensor("4", "1", storageClass: storageClass), (what, s_four))).Message);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Assert.Contains("nested", Refused(PickleBytes.Legacy(new string(']', 100_000) + new string('a', 99_999) + ".")).Message);
        Assert.Contains("nested", Refused(PickleBytes.Legacy(")" + new string('\u0085', 100_000) + ".")).Message);
    }

    [Fact]
    public void A_list_within_itself_is_refused() =>
        Assert.Contains("within itself", Refused(PickleBytes.Legacy("]q\0h\0a.")).Message);

    [Fact]
    public void Billion_laughs_are_refused()
    {
        // Each list holds the one before ten times: 10^30 values in a few hundred bytes.
        string laughs = "]" + string.Concat(Enumerable.Repeat("q\0](" + string.Concat(Enumerable.Repeat("h\0", 10)) + "e", 30)) + ".";
        Assert.Contains("unfold", Refused(PickleBytes.Legacy(laughs)).Message);
    }

    [Theory]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.")] // a text of 4 GB
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f.")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f.")] // an integer of 2 GB
    [InlineData("\u008b\u00ff\u00ff\u00ff\u00ff.")]
    [InlineData("h\u0005.")] // memo without the entry
    [InlineData("e.")] // no mark
    [InlineData("0.")] // empty stack
    [InlineData("]K\u0001(0K\u0001e.")]
    [InlineData("K\u0001K\u0002a.")] // append to a number
    [InlineData("}K\u0001(K\u0001u.")] // key without a value
    [InlineData("\u0082\u0001.")] // extension registry
    [InlineData("\u0080\u0009N.")] // unknown protocol
    [InlineData("I12x\n.")]
    [InlineData("Fone\n.")]
    [InlineData("NQ.")] // persistent id that is no storage
    [InlineData("(NR.")]
    [InlineData("K\u0001)R.")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.")]
    [InlineData("ctorch._utils\n_rebuild_parameter\n)R.")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v3\n)R.")]
    public void Nonsense_is_refused(string pickle) => Refused(PickleBytes.Legacy(pickle));

    [Fact]
    public void Calls_on_a_shared_list_cannot_fill_the_memory()
    {
        string list = "](" + string.Concat(Enumerable.Repeat("K\u0001", 5000)) + "eq\0";
        string copies = string.Concat(Enumerable.Repeat("c__builtin__\nset\nh\0\u0085R0", 5000));
        Assert.Contains("more than is allowed", Refused(PickleBytes.Legacy(list + copies + ".")).Message);
    }

    [Fact]
    public void Endless_instructions_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.pth", PickleBytes.Legacy(string.Concat(Enumerable.Repeat("N0", 600)) + "}."));
        CheckpointException error = Assert.Throws<CheckpointException>(
            () => Checkpoint.Open(path, new CheckpointOptions(), CheckpointLimits.Default with { Instructions = 1000 }).Dispose());
        Assert.Contains("instructions", error.Message);
        Checkpoint.Open(path).Dispose();
    }

    [Fact]
    public void Damaged_bytes_never_raise_anything_but_the_typed_error()
    {
        using var folder = new TemporaryFolder();
        byte[][] originals =
        [
            PickleBytes.Legacy(PickleBytes.Tensor("2,2", "2,1"), $"]{PickleBytes.Text("0")}a.", [4, 0, 0, 0, 0, 0, 0, 0, .. s_four]),
            PickleBytes.Zip(PickleBytes.Tensor("2,2", "2,1"), ("archive/data/0", s_four)),
        ];
        var random = new Random(1);
        for (int i = 0; i < 1500; i++)
        {
            byte[] damaged = [.. originals[i % 2]];
            for (int hits = random.Next(1, 4); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            OpenAndReadAll(folder.Write("damaged", damaged));
        }
    }

    private static void OpenAndReadAll(string path)
    {
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            CheckpointListing.Of(checkpoint);
            foreach (StoredTensor tensor in checkpoint.FindStateDict() is null ? [] : checkpoint.StateDict.Values)
            {
                Assert.Equal(tensor.ByteCount, tensor.Bytes.Length);
            }
        }
        catch (CheckpointException)
        {
            // Refused: fine.
        }
    }

    private static CheckpointException Refused(byte[] file)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.pth", file);
        CheckpointException error = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path).Dispose());
        Assert.StartsWith(path, error.Message);
        return error;
    }
}
