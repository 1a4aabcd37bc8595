using System.Globalization;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>Suppression against the reference's results.</summary>
[Trait("Category", Golden.Category)]
public class SuppressionGoldenTests : LeakCheckedTest
{
    [Theory]
    [InlineData("nms_multiclass_300")]
    [InlineData("nms_multiclass_1500")]
    public void Greedy_suppression_of_many_classes(string file)
    {
        SafetensorsFile golden = Golden.Read(file);
        float threshold = float.Parse(golden.Metadata["score_thr"], CultureInfo.InvariantCulture);
        foreach (string name in Cases(golden, k => k.StartsWith("nms.") && k.EndsWith(".dets")))
        {
            // nms.<IoU threshold>.<max100 | all | factors>.dets
            string[] parts = name.Split('.');
            bool factors = parts[^2] == "factors";
            (Candidates candidates, int[] flat) = MultiClass(golden, threshold, factors);
            var nms = new GreedyNms { Iou = double.Parse($"{parts[1]}.{parts[2]}", CultureInfo.InvariantCulture) };
            int limit = parts[^2] == "all" ? int.MaxValue : 100;
            Compare(golden, name[..^5], nms.Apply(candidates, limit));
            if (golden.Tensors.TryGetValue(name[..^4] + "flat_inds", out StoredTensor? indices))
            {
                Assert.Equal(indices.As<long>().ToArray(), nms.Keep(candidates, limit).Select(k => (long)flat[k]));
            }
        }
    }

    [Theory]
    [InlineData("nms_multiclass_300")]
    [InlineData("nms_multiclass_1500")]
    public void Score_voting_of_many_classes(string file)
    {
        SafetensorsFile golden = Golden.Read(file);
        float threshold = float.Parse(golden.Metadata["score_thr"], CultureInfo.InvariantCulture);
        foreach (string name in Cases(golden, k => k.StartsWith("voting_cluster_diounms.") && k.EndsWith(".dets")))
        {
            string[] parts = name.Split('.');
            (Candidates candidates, _) = MultiClass(golden, threshold, parts[^2] == "factors");
            var nms = new ScoreVotingClusterDiouNms { Iou = double.Parse($"{parts[1]}.{parts[2]}", CultureInfo.InvariantCulture) };
            Compare(golden, name[..^5], nms.Apply(candidates, 100));
        }
    }

    [Fact]
    public void Score_voting_of_a_few_boxes()
    {
        SafetensorsFile golden = Golden.Read("nms_voting_tiny");
        (Candidates candidates, _) = MultiClass(golden, 0);
        var nms = new ScoreVotingClusterDiouNms { Iou = double.Parse(golden.Metadata["iou_threshold"], CultureInfo.InvariantCulture) };
        Detections actual = nms.Apply(candidates, 100);
        Assert.Equal(golden.Tensors["labels"].As<long>().ToArray(), actual.Labels.Select(l => (long)l));
        Near.Equal(golden.Tensors["dets"].As<float>(), Rows(actual), 1e-5);
    }

    [Fact]
    public void Greedy_suppression_of_labelled_boxes()
    {
        SafetensorsFile golden = Golden.Read("nms_batched_soft");
        Candidates candidates = Labelled(golden);
        foreach (string name in Cases(golden, k => !k.StartsWith("soft") && k.EndsWith(".keep")))
        {
            // nms<IoU threshold>, nms_agnostic<...>, batched_agnostic<...>
            bool agnostic = name.Contains("agnostic");
            var nms = new GreedyNms
            {
                Iou = double.Parse(name[name.IndexOfAny([.. "0123456789"])..^5], CultureInfo.InvariantCulture),
                ClassAgnostic = agnostic
            };
            Assert.Equal(golden.Tensors[name].As<long>().ToArray(), nms.Keep(candidates).Select(k => (long)k));
            if (golden.Tensors.TryGetValue(name[..^4] + "dets", out StoredTensor? rows))
            {
                Near.Equal(rows.As<float>(), Rows(nms.Apply(candidates, int.MaxValue)), 1e-5);
            }
        }
    }

    // The settings are not in the file: threshold .3, sigma .5, least score .05 give exactly its numbers.
    [Theory]
    [InlineData("soft_naive", SoftNmsDecay.Naive)]
    [InlineData("soft_linear", SoftNmsDecay.Linear)]
    [InlineData("soft_gaussian", SoftNmsDecay.Gaussian)]
    public void Soft_suppression_of_labelled_boxes(string name, SoftNmsDecay decay)
    {
        SafetensorsFile golden = Golden.Read("nms_batched_soft");
        Candidates candidates = Labelled(golden);
        var nms = new SoftNms { Iou = 0.3, Decay = decay, Sigma = 0.5, MinScore = 0.05 };
        long[] kept = [.. nms.Choose(candidates).Kept.Select(k => (long)k)];
        Assert.True(
            golden.Tensors[name + ".keep"].As<long>().SequenceEqual(kept),
            $"{name} keeps other boxes. The file does not tell its settings, and this test takes {nms}: were the vectors made with "
                + "others, this test needs those.");
        Near.Equal(golden.Tensors[name + ".dets"].As<float>(), Rows(nms.Apply(candidates, int.MaxValue)), 1e-5);
    }

    // A pair of boxes loses its worse one just below its similarity and not just above it; without a similarity (NaN) never.
    [Fact]
    public void Overlaps_of_pairs() => CheckPairs("jaccard", threshold => new GreedyNms { Iou = threshold }, negative: false);

    // diou_beta<power of the distance>
    [Fact]
    public void Likenesses_of_pairs()
    {
        string[] names = Cases(Golden.Read("iou_nms_diou"), k => k.StartsWith("diou_beta"));
        Assert.All(names, name =>
        {
            double power = double.Parse(name["diou_beta".Length..], CultureInfo.InvariantCulture);
            CheckPairs(name, threshold => new ScoreVotingClusterDiouNms { Iou = threshold, DistancePower = power }, negative: true);
        });
    }

    private static void CheckPairs(string name, Func<double, ISuppression> suppression, bool negative)
    {
        IReadOnlyDictionary<string, StoredTensor> golden = Golden.Read("iou_nms_diou").Tensors;
        float[] first = golden["boxes1"].As<float>().ToArray(), second = golden["boxes2"].As<float>().ToArray(), expected =
            golden[name].As<float>().ToArray();
        int columns = second.Length / 4;
        Assert.Equal(first.Length / 4 * columns, expected.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            (int row, int column) = Math.DivRem(k, columns);
            var pair = new Candidates(Boxes.Upright([.. first.AsSpan(4 * row, 4), .. second.AsSpan(4 * column, 4)]), [0.9f, 0.8f], [0, 0]);
            int Left(double threshold) => suppression(threshold).Apply(pair, 2).Count;
            const double margin = 1e-4;
            bool unrelated = float.IsNaN(expected[k]) || (!negative && expected[k] <= margin);
            Assert.Equal(2, Left(float.IsNaN(expected[k]) ? 0 : expected[k] + margin));
            Assert.Equal(unrelated ? 2 : 1, Left(unrelated ? margin * 2 : expected[k] - margin));
        }
    }

    // The names of a kind that a file has: at least one, or nothing would be compared.
    private static string[] Cases(SafetensorsFile golden, Func<string, bool> kind)
    {
        string[] names = [.. golden.Tensors.Keys.Where(kind)];
        Assert.NotEmpty(names);
        return names;
    }

    internal static void Compare(SafetensorsFile golden, string name, Detections actual, double tolerance = 1e-5)
    {
        Assert.Equal(golden.Tensors[name + ".labels"].As<long>().ToArray(), actual.Labels.Select(l => (long)l));
        Near.Equal(golden.Tensors[name + ".dets"].As<float>(), Rows(actual), tolerance);
    }

    private static Candidates Labelled(SafetensorsFile golden) => new(
        Boxes.Upright(golden.Tensors["bboxes"].As<float>().ToArray()), golden.Tensors["scores"].As<float>().ToArray(),
        Array.ConvertAll(golden.Tensors["labels"].As<long>().ToArray(), label => (int)label));

    private static float[] Rows(Detections detections) =>
        [.. Enumerable.Range(0, detections.Count).SelectMany(k => detections.Boxes[k].ToArray().Append(detections.Scores[k]))];

    // Candidates of a [P, C + 1] score matrix, row-major, with their places in the matrix without its background column.
    internal static (Candidates Candidates, int[] Flat) MultiClass(SafetensorsFile golden, float threshold, bool useFactors = false)
    {
        ReadOnlySpan<float> boxes = golden.Tensors["bboxes"].As<float>(), scores = golden.Tensors["scores"].As<float>();
        ReadOnlySpan<float> factors = useFactors ? golden.Tensors["score_factors"].As<float>() : default;
        int columns = (int)golden.Tensors["scores"].Shape[1];
        List<float> keptBoxes = [], keptScores = [];
        List<int> labels = [], flat = [];
        for (int k = 0; k < scores.Length; k++)
        {
            (int prior, int label) = Math.DivRem(k, columns);
            if (label < columns - 1 && scores[k] > threshold)
            {
                keptBoxes.AddRange(boxes.Slice(4 * prior, 4));
                keptScores.Add(useFactors ? scores[k] * factors[prior] : scores[k]);
                labels.Add(label);
                flat.Add((prior * (columns - 1)) + label);
            }
        }

        return (new Candidates(Boxes.Upright([.. keptBoxes]), [.. keptScores], [.. labels]), [.. flat]);
    }
}
