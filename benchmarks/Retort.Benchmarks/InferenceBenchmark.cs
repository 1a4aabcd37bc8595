using System.Diagnostics;
using System.Globalization;
using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Forward passes of GFL on the processor with two threads against plain eager PyTorch (benchmarks/peer/gfl_inference.py). Ours and the baseline
/// take turns, so that a machine which is busy for a while slows both.
/// </summary>
internal static class InferenceBenchmark
{
    public const string Name = "inference";

    private const int Threads = 2;
    private const int Rounds = 3;

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare(18, 320, 320, 10);
        yield return Compare(18, 800, 1344, 3);
        yield return Compare(50, 320, 320, 10);
        yield return Compare(50, 800, 1344, 3);
    }

    private static BenchmarkRow Compare(int depth, int height, int width, int runs)
    {
        Runtime.Threads = Threads;
        using var detector = Detector(depth);
        using var compiled = new CompiledDetector(detector);
        var ours = new List<double>();
        var theirs = new List<double>();
        string[] arguments = [.. new[] { depth, height, width, Threads, runs }.Select(a => a.ToString(CultureInfo.InvariantCulture))];
        for (int round = 0; round < Rounds; round++)
        {
            ours.AddRange(Seconds(compiled, height, width, runs));
            if (PythonPeer.Run("gfl_inference.py", "torch", arguments) is { } peer)
            {
                theirs.Add(peer.GetProperty("seconds").GetDouble());
            }
        }

        string name = $"{Name} GFL-R{depth} {height}x{width}";
        double median = Median(ours);
        return theirs.Count > 0
            ? new BenchmarkRow(name, Text(median), $"{Text(Median(theirs))} (eager PyTorch)", (median / Median(theirs)).ToString("0.00", CultureInfo.InvariantCulture), "0.8")
            : new BenchmarkRow(name, Text(median), "needs python3 with PyTorch", "", "0.8");
    }

    private static List<double> Seconds(CompiledDetector compiled, int height, int width, int runs)
    {
        using var noGrad = new NoGradScope();
        var seconds = new List<double>();
        using var images = Tensor.RandomNormal([1, 3, height, width]);
        for (int run = -1; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using (new TensorScope())
            {
                compiled.Forward(images);
            }

            if (run >= 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        return seconds;
    }

    private static DenseDetector Detector(int depth)
    {
        using var scope = new TensorScope();
        var backbone = new ResNet(new ResNetOptions { Depth = depth });
        var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions());
        var detector = new DenseDetector(backbone, neck, new GflHead(new GflHeadOptions()), null!, null!, null!);
        detector.Evaluate();
        return detector;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Text(double seconds) => (seconds * 1e3).ToString("0 ms", CultureInfo.InvariantCulture);
}
