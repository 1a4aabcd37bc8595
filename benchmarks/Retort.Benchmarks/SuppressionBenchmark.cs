using System.Runtime.InteropServices;
using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Suppression of one image's candidates, sorting included, on the same boxes: greedy against torchvision (benchmarks/peer/nms.py), soft,
/// and score voting with its growth; and the whole way from a head's maps to detections.
/// </summary>
internal static class SuppressionBenchmark
{
    public const string Name = "nms";

    private const int Runs = 100;
    private const double Threshold = 0.6;
    private const int Limit = 100;

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare(3000, 80);
        yield return Compare(3000, 1);
        foreach (int classes in new[] { 80, 1 })
        {
            foreach (int count in new[] { 500, 1000, 3000, 6000 })
            {
                yield return Alone("score voting", new ScoreVotingClusterDiouNms { Iou = Threshold }, count, classes, Limit, count == 3000
                    && classes == 80 ? "15 ms" : "");
            }

            yield return Alone("score voting", new ScoreVotingClusterDiouNms { Iou = Threshold }, 3000, classes, int.MaxValue, "");
            yield return Alone("soft linear", new SoftNms { Iou = Threshold, Decay = SoftNmsDecay.Linear }, 3000, classes, Limit, "");
            yield return Alone("soft gaussian", new SoftNms { Iou = Threshold, Decay = SoftNmsDecay.Gaussian }, 3000, classes, Limit, "");
        }

        yield return Decode(800, 1344);
    }

    private static BenchmarkRow Compare(int count, int classes)
    {
        Candidates candidates = Workload(count, classes);
        var nms = new GreedyNms { Iou = Threshold };
        int kept = nms.Keep(candidates).Length;
        string file = Path.GetTempFileName();
        try
        {
            float[] rows = [.. candidates.Boxes.Numbers, .. candidates.Scores, .. candidates.Labels.Select(label => (float)label)];
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(rows));
            using PythonPeer? peer = PythonPeer.Start("nms.py", "torchvision", file, count, Threshold);
            string same = peer is null || peer.Facts.GetProperty("kept").GetInt32() == kept ? "" : ", which keeps another number of boxes";
            return new PairedRuns($"{Name} {count} candidates, {classes} classes, {kept} kept", 11, "3 ms")
            {
                RunsOfATurn = 10,
                PeerName = $"torchvision{same}"
            }
                .Compare(() => nms.Keep(candidates), peer);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static BenchmarkRow Alone(string what, ISuppression suppression, int count, int classes, int limit, string goal)
    {
        Candidates candidates = Workload(count, classes);
        int kept = suppression.Apply(candidates, limit).Count;
        return new BenchmarkRow(
            $"{what}, {count} candidates, {classes} classes, {kept} kept{(limit == int.MaxValue ? " (no limit)" : "")}",
                Timing.Milliseconds(Timing.MedianSeconds(() => suppression.Apply(candidates, limit), Runs)), "", "", goal);
    }

    // Objects with jittered copies around them, as a detector gives.
    private static Candidates Workload(int count, int classes)
    {
        var random = new Random(0);
        float[] boxes = new float[4 * count];
        float[] scores = new float[count];
        int[] labels = new int[count];
        for (int k = 0; k < count; k++)
        {
            var one = new Random(k % 60);
            float x = one.NextSingle() * 1000, y = one.NextSingle() * 500, w = 20 + (one.NextSingle() * 300), h =
                20 + (one.NextSingle() * 280);
            float Jitter() => (random.NextSingle() - 0.5f) * 0.4f;
            (float left, float top) = (Math.Max(0, x + (w * Jitter())), Math.Max(0, y + (h * Jitter())));
            float[] box = [left, top, left + (w * (1 + Jitter())), top + (h * (1 + Jitter()))];
            box.CopyTo(boxes, 4 * k);
            (scores[k], labels[k]) = (random.NextSingle(), one.Next(classes));
        }

        return new Candidates(Boxes.Upright(boxes), scores, labels);
    }

    private static BenchmarkRow Decode(int height, int width)
    {
        Runtime.Threads = 1;
        Runtime.Seed(0);
        using var scope = new TensorScope();
        var priors = PriorGenerator.Anchors([8, 16, 32, 64, 128]);
        var coding = new DistanceCoding();
        LevelOutput[] levels = [.. priors.Strides.Select(stride =>
        {
            (long h, long w) = ((height + stride - 1) / stride, (width + stride - 1) / stride);
            return new LevelOutput(Tensor.RandomNormal([1, 80, h, w]) - 6.5, Tensor.RandomNormal([1, 68, h, w]));
        })];
        var processor = new DensePostProcessor(priors, new PostProcessingOptions());
        var output = new DenseOutput(levels, []);
        int candidates = processor.Decode(output, [new ImagePlacement(height, width)], coding)[0].Count;
        double seconds = Timing.MedianSeconds(() => processor.Process(output, [new ImagePlacement(height, width)], coding), Runs);
        return new BenchmarkRow($"maps of {width}x{height} to detections on one thread, {candidates} candidates",
            Timing.Milliseconds(seconds), "", "", "");
    }
}
