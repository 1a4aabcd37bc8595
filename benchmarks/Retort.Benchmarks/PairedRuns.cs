using System.Globalization;

namespace Retort.Benchmarks;

/// <summary>
/// Ours and another, mostly a script, take turns, run by run, so that a machine which is busy for a while slows both. The ratio is the
/// median of the turns' ratios, which is steadier than the ratio of the medians.
/// </summary>
/// <param name="Name">Name of the row.</param>
/// <param name="Turns">Turns that count, after one that does not.</param>
/// <param name="Target">The ratio that is wanted, or a time.</param>
internal sealed record PairedRuns(string Name, int Turns, string Target)
{
    /// <summary>Threads that both may use.</summary>
    public const int Threads = 2;

    /// <summary>Runs in a turn, more than one where a run is so short that waking up would be measured.</summary>
    public int RunsOfATurn { get; init; } = 1;

    /// <summary>Which of the script's actions is compared.</summary>
    public int PeerAction { get; init; }

    /// <summary>What the script stands for.</summary>
    public string PeerName { get; init; } = "eager PyTorch";

    /// <summary>Measures an action against a script, or alone where there is none.</summary>
    public BenchmarkRow Compare(Action action, PythonPeer? peer) => Compare(action, () => peer?.Turn(PeerAction, RunsOfATurn));

    /// <summary>Measures an action against another one of this process.</summary>
    public BenchmarkRow Compare(Action action, Action other) => Compare(action, () => Timing.MedianSeconds(other, RunsOfATurn));

    private BenchmarkRow Compare(Action action, Func<double?> turnOfOther)
    {
        (var ours, var theirs) = (new List<double>(), new List<double>());
        for (int turn = -1; turn < Turns; turn++)
        {
            double seconds = Timing.MedianSeconds(action, RunsOfATurn);
            double? other = turnOfOther();
            if (turn >= 0)
            {
                ours.Add(seconds);
                theirs.AddRange(other is { } known ? [known] : []);
            }
        }

        string time = Timing.Milliseconds(Timing.Median(ours));
        if (theirs.Count == 0)
        {
            return new BenchmarkRow(Name, time, $"needs python3 with {PeerName}", "", Target);
        }

        double ratio = Timing.Median(ours.Zip(theirs, (a, b) => a / b));
        return new BenchmarkRow(
            Name, time, $"{Timing.Milliseconds(Timing.Median(theirs))} ({PeerName})",
                ratio.ToString(ratio < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture), Target);
    }
}
