using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Retort.Evaluation.Coco;

namespace Retort.Benchmarks;

/// <summary>
/// COCO evaluation from two JSON files to the twelve numbers, at the size of val2017. The baseline is benchmarks/peer/coco_eval.py on a
/// part of the workload, where ours runs once more, so that the ratio compares the same work.
/// </summary>
internal static class CocoEvaluationBenchmark
{
    public const string Name = "coco-evaluation";

    private const int Seed = 20;
    private const int Runs = 5;
    private const int PairedTurns = 5;
    private const double PeerPart = 0.05;
    private const double Agreement = 1e-9;

    public static IEnumerable<BenchmarkRow> Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("retort-bench-");
        try
        {
            yield return Full(CocoWorkload.Write(folder.FullName, Seed), out double peak);
            yield return new BenchmarkRow($"{Name}, 5,000 images: peak resident memory", Text($"{peak:0} MiB"), "", "", "1 GB");
            yield return Paired(CocoWorkload.Write(folder.FullName, Seed, PeerPart));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static BenchmarkRow Full((string Truth, string Detections) files, out double peak)
    {
        PeakMemory.Reset();
        (_, double cold) = Evaluate(files);
        peak = PeakMemory.ReadMebibytes();
        double median = Timing.MedianSeconds(() => Evaluate(files), Runs);
        return new BenchmarkRow($"{Name}, 5,000 images, 485,000 detections", Text($"{median:0.00} s (cold {cold:0.00} s)"), "", "", "4 s");
    }

    private static BenchmarkRow Paired((string Truth, string Detections) files)
    {
        CocoSummary summary = Evaluate(files).Summary;
        using PythonPeer? peer = PythonPeer.Start("coco_eval.py", "numpy", files.Truth, files.Detections);
        double[] numbers = peer?.Facts.GetProperty("numbers").Deserialize<double[]>() ?? [.. summary.Values];
        if (numbers.Zip(summary.Values).Any(pair => Math.Abs(pair.First - pair.Second) > Agreement))
        {
            throw new InvalidOperationException(
                $"the baseline disagrees: {string.Join(", ", numbers)} and {string.Join(", ", summary.Values)}");
        }

        return new PairedRuns(Text($"{Name}, {PeerPart:P0} of that"), PairedTurns, "") { PeerName = "plain numpy" }.Compare(
            () => Evaluate(files), peer);
    }

    private static (CocoSummary Summary, double Seconds) Evaluate((string Truth, string Detections) files)
    {
        var watch = Stopwatch.StartNew();
        CocoGroundTruth truth = CocoGroundTruth.Read(files.Truth);
        CocoSummary summary = CocoEvaluator.Evaluate(truth, CocoDetections.Read(files.Detections, truth)).Summary;
        return (summary, watch.Elapsed.TotalSeconds);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
