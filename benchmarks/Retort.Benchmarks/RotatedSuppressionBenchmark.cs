using Retort.Core.Geometry;
using Retort.Detection.PostProcessing;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Rotated suppression of 2,000 boxes on two threads: objects in clusters as a detector gives them, and boxes that all overlap one another.
/// </summary>
internal static class RotatedSuppressionBenchmark
{
    public const string Name = "rotated-nms";
    private const int Runs = 30;
    private const int Count = 2000;

    public static IEnumerable<BenchmarkRow> Run()
    {
        Runtime.Threads = 2;
        yield return Row("objects with copies, 15 classes", Candidates(spread: 1000, objects: 60, classes: 15), 0.1);
        yield return Row("objects with copies, one class", Candidates(spread: 1000, objects: 200, classes: 1), 0.1);
        yield return Row("all over one another, none suppressed", Candidates(spread: 30, objects: Count, classes: 1), 1);
    }

    private static BenchmarkRow Row(string what, Candidates candidates, double threshold)
    {
        var nms = new GreedyNms { Iou = threshold };
        int kept = nms.Keep(candidates).Length;
        double seconds = Timing.MedianSeconds(() => nms.Keep(candidates), Runs);
        return new BenchmarkRow($"{Name}, {Count} boxes, {what}, {kept} kept", Timing.Milliseconds(seconds), "", "", threshold < 1 ? "30 ms"
            : "");
    }

    private static Candidates Candidates(float spread, int objects, int classes)
    {
        var random = new Random(0);
        (var boxes, var scores, var labels) = (new List<float>(), new float[Count], new int[Count]);
        for (int k = 0; k < Count; k++)
        {
            var one = new Random(k % objects);
            float Jitter() => (random.NextSingle() - 0.5f) * 0.4f;
            (float w, float h) = (20 + (100 * one.NextSingle()), 10 + (30 * one.NextSingle()));
            boxes.AddRange([(one.NextSingle() * spread) + (w * Jitter()), (one.NextSingle() * spread) + (h * Jitter()), w * (1 + Jitter()),
                h * (1 + Jitter()), (3 * one.NextSingle()) + Jitter()]);
            (scores[k], labels[k]) = (random.NextSingle(), one.Next(classes));
        }

        return new Candidates(Boxes.Rotated([.. boxes]), scores, labels);
    }
}
