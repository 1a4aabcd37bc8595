using System.Diagnostics;
using System.Globalization;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Seconds of actions, and how they are written.</summary>
internal static class Timing
{
    /// <summary>The median seconds of some runs of an action; its tensors are freed after each.</summary>
    public static double MedianSeconds(Action action, int runs) => Median(Enumerable.Range(0, runs).Select(_ => Seconds(action)));

    /// <summary>The number that a share of some numbers does not exceed.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The middle one of some numbers; of an even count the upper middle one.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Milliseconds with about three digits.</summary>
    public static string Milliseconds(double seconds) =>
        (seconds * 1e3).ToString(seconds switch { >= 0.1 => "0 ms", >= 0.01 => "0.0 ms", _ => "0.00 ms" }, CultureInfo.InvariantCulture);

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        using (new TensorScope())
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
