using Retort.Core;
using Retort.Fuzzing.Mutation;
using Retort.Fuzzing.Targets;

namespace Retort.Fuzzing.Tests;

/// <summary>The short run of <c>make fuzz</c>, and the harness itself.</summary>
public sealed class FuzzingTests : IDisposable
{
    private const double SecondsInAll = 30;
    private readonly string _failures = Directory.CreateTempSubdirectory("retort-fuzz-failures-").FullName;

    public void Dispose() => Directory.Delete(_failures, recursive: true);

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reader_takes_or_rejects_mutated_inputs_as_documented(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name).Single();
        FuzzResult result = new FuzzRun(1, _failures).Run(target, TimeSpan.FromSeconds(SecondsInAll / FuzzTargets.All.Count),
            start: target.Seeds.Count);
        Assert.True(result.Failures.Count == 0, string.Join('\n',
            result.Failures.Select(f => $"make fuzz TARGET={f.Target} SEED={f.Seed}, input {f.Index}: {f.Detail}")));
        Assert.True(result.Inputs > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_reader_takes_its_seeds(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name).Single();
        var run = new FuzzRun(1, _failures);
        Assert.All(target.Seeds, seed => Assert.True(run.Replay(target, seed) is (null, null), $"{run.Replay(target, seed)}"));
        Assert.All(target.RejectedSeeds, seed => Assert.NotNull(run.Replay(target, seed).Rejection));
    }

    [Fact]
    public void Targets_have_names_of_their_own() => Assert.Equal(FuzzTargets.All.Count, FuzzTargets.All.DistinctBy(t => t.Name).Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Equal_seeds_give_equal_inputs(string name)
    {
        FuzzTarget target = FuzzTargets.Named(name).Single();
        byte[][] first = Inputs(target, seed: 1), again = Inputs(target, seed: 1), other = Inputs(target, seed: 2);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void What_a_reader_may_not_do_is_found_written_and_replayed()
    {
        FuzzTarget target = Target("throws", path => File.ReadAllBytes(path) is [> 100, ..]
            ? throw new InvalidOperationException("a bug") : 0);
        var run = new FuzzRun(7, _failures);
        FuzzFailure failure = Assert.Single(run.Run(target, TimeSpan.FromMinutes(1), inputs: 1000).Failures);
        Assert.Equal("InvalidOperationException", failure.Kind.Split(" < ")[0]);
        string file = Path.Combine(_failures, failure.FileName);
        Assert.Equal(target.Input(7, failure.Index), File.ReadAllBytes(file));
        Assert.Equal("throws", FuzzFailure.TargetOf(file));
        Assert.Equal(failure.Kind, run.Replay(target, File.ReadAllBytes(file)).Failure!.Kind);
        Assert.Contains("a bug", File.ReadAllText(Path.ChangeExtension(file, ".txt")));
    }

    [Fact]
    public void The_documented_exception_is_no_failure() =>
        Assert.Empty(new FuzzRun(1, _failures).Run(Target("rejects", _ => throw new RetortException("the file is damaged")),
            TimeSpan.FromMinutes(1), inputs: 10).Failures);

    [Fact]
    public void A_reader_that_hangs_is_left_behind()
    {
        // The fifth input hangs, until the test ends; those after it are read all the same.
        using var end = new CancellationTokenSource();
        int count = 0;
        FuzzTarget target = Target("hangs", _ => Hang(++count == 5, end.Token));
        FuzzResult result = new FuzzRun(1, _failures).Run(target, TimeSpan.FromMinutes(2), inputs: 10);
        end.Cancel();
        Assert.Equal((10, 4), (result.Inputs, Assert.Single(result.Failures).Index));
    }

    [Fact]
    public void A_reader_that_takes_much_memory_is_found() =>
        Assert.Equal("more than 512 MiB", Assert.Single(new FuzzRun(1, _failures).Run(Target("allocates", _ =>
            GC.AllocateUninitializedArray<byte>(600 << 20)), TimeSpan.FromMinutes(1), inputs: 1).Failures).Kind);

    private static int Hang(bool here, CancellationToken end)
    {
        while (here && !end.IsCancellationRequested)
        {
            Thread.SpinWait(100);
        }

        return 0;
    }

    private static FuzzTarget Target<T>(string name, Func<string, T> read) =>
        new()
        {
            Name = name,
            Mutator = new ByteMutator(),
            Seeds = [[1, 2, 3]],
            File = "input",
            Read = folder => read(Path.Combine(folder, "input"))
        };

    private static FuzzTarget Target(string name, Action<string> read) =>
        new() { Name = name, Mutator = new ByteMutator(), Seeds = [[1, 2, 3]], File = "input", Read = read };

    private static byte[][] Inputs(FuzzTarget target, ulong seed) =>
        [.. Enumerable.Range(target.Seeds.Count, 20).Select(k => target.Input(seed, k))];
}
