using Retort.Torch.Checkpoints;

namespace Retort.Torch.Tests.Checkpoints;

public class StateDictMatcherTests
{
    [Fact]
    public void Equal_names_and_shapes_match()
    {
        StateDictMatch match = StateDictMatcher.Match([("a", [2]), ("b", [])], State(("b", []), ("a", [2])));
        Assert.True(match.IsExact);
        Assert.True(match.IsAccepted);
        Assert.Equal(["a", "b"], match.Matched);
        Assert.Equal("", match.Describe());
        match.ThrowUnlessAccepted("x.pth");
    }

    [Fact]
    public void Differences_are_named()
    {
        StateDictMatch match = StateDictMatcher.Match([("a", [2]), ("b", [3]), ("c", [2, 3])],
            State(("a", [2]), ("c", [3, 2]), ("d", [1])));
        CheckpointException error = Assert.Throws<CheckpointException>(() => match.ThrowUnlessAccepted("x.pth"));
        string[] lines = error.Message.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("x.pth: the state dict does not fit the network", lines[0]);
        Assert.Equal("  1 missing: b", lines[1]);
        Assert.Equal("  1 unexpected: d", lines[2]);
        Assert.StartsWith("  1 of another shape: c [3, 2], the network has [2, 3]; ", lines[3]);
    }

    [Fact]
    public void The_first_ten_of_many_are_named()
    {
        StateDictMatch match = StateDictMatcher.Match(Enumerable.Range(0, 25).Select(i => ($"n{i}", new long[] { 1 })), State(("x", [1])));
        Assert.Contains("25 missing: n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 15 more", match.Describe());
    }

    [Fact]
    public void Missing_batch_counters_are_no_difference() =>
        Assert.True(StateDictMatcher.Match([("bn.weight", [2]), ("bn.num_batches_tracked", [])], State(("bn.weight", [2]))).IsExact);

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    public void Options_say_what_may_differ(bool strict, bool skipMismatched, bool accepted)
    {
        var options = new StateDictMatchOptions { Strict = strict, SkipMismatched = skipMismatched };
        Assert.Equal(accepted, StateDictMatcher.Match([("a", [2]), ("b", [3]), ("c", [4])], State(("a", [2]), ("c", [5]), ("d", [1])),
            options).IsAccepted);
    }

    [Fact]
    public void A_file_of_which_nothing_fits_is_never_accepted() =>
        Assert.False(StateDictMatcher.Match([("a", [2])], State(("x", [2])),
            new StateDictMatchOptions { Strict = false, SkipMismatched = true }).IsAccepted);

    [Theory]
    [InlineData("backbone.conv1.weight", "student.backbone.conv1.weight", "have the prefix 'student.'")]
    [InlineData("backbone.conv1.weight", "conv1.weight", "lack the prefix 'backbone.'")]
    public void A_prefix_is_recognized(string expected, string available, string message)
    {
        StateDictMatch match = StateDictMatcher.Match([(expected, [1])], State((available, [1])));
        Assert.Contains(message, Assert.Throws<CheckpointException>(() => match.ThrowUnlessAccepted("x.pth")).Message);
    }

    [Fact]
    public void What_was_refused_is_said_to_be()
    {
        using var folder = new TemporaryFolder();
        string pickle = PickleBytes.Tensor("4", "1")[..^2] + PickleBytes.Text("e").Insert(0, "s") + "cos\nsystem\n)Rs.";
        using Checkpoint checkpoint = Checkpoint.Open(folder.Write("a", PickleBytes.Zip(pickle, ("archive/data/0", new byte[16]))));
        Assert.Contains("e (refused: not plain data)", StateDictMatcher.Match([("w", [4]), ("e", [1])], checkpoint.StateDict).Describe());
    }

    private static StateDict State(params (string Name, long[] Shape)[] tensors) =>
        new(tensors.Select((t, i) => KeyValuePair.Create(t.Name, TestTensors.Random(ScalarType.Float32, t.Shape, i))));
}
