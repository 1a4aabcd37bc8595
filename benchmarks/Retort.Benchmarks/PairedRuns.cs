using System.Diagnostics;
using System.Globalization;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Ours and a PyTorch script take turns, so that a machine which is busy for a while slows both; medians are compared.</summary>
internal static class PairedRuns
{
    /// <summary>Threads that both may use.</summary>
    public const int Threads = 2;

    private const int Rounds = 3;

    /// <summary>Measures an action against a script that prints its median seconds.</summary>
    /// <param name="name">Name of the row.</param>
    /// <param name="action">Ours; its tensors are freed after each run.</param>
    /// <param name="runs">Runs of each in a round, after one that does not count.</param>
    /// <param name="target">The ratio that is wanted.</param>
    /// <param name="script">File in benchmarks/peer.</param>
    /// <param name="arguments">The script's arguments; the threads and the runs follow them.</param>
    public static BenchmarkRow Compare(string name, Action action, int runs, string target, string script, params IEnumerable<object> arguments)
    {
        Runtime.Threads = Threads;
        var ours = new List<double>();
        var theirs = new List<double>();
        string[] texts = [.. arguments.Concat([Threads, runs]).Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)];
        for (int round = 0; round < Rounds; round++)
        {
            ours.AddRange(Seconds(action, runs));
            if (PythonPeer.Run(script, "torch", texts) is { } peer)
            {
                theirs.Add(peer.GetProperty("seconds").GetDouble());
            }
        }

        double median = Median(ours);
        return theirs.Count > 0
            ? new BenchmarkRow(name, Text(median), $"{Text(Median(theirs))} (eager PyTorch)", (median / Median(theirs)).ToString("0.00", CultureInfo.InvariantCulture), target)
            : new BenchmarkRow(name, Text(median), "needs python3 with PyTorch", "", target);
    }

    private static IEnumerable<double> Seconds(Action action, int runs)
    {
        for (int run = -1; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using (new TensorScope())
            {
                action();
            }

            if (run >= 0)
            {
                yield return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Text(double seconds) => (seconds * 1e3).ToString("0 ms", CultureInfo.InvariantCulture);
}
