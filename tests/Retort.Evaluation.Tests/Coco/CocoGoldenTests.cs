using System.IO.Compression;
using System.Text.Json;
using Retort.Evaluation.Coco;
using Retort.Torch.Checkpoints;

namespace Retort.Evaluation.Tests.Coco;

[Trait("Category", Golden.Category)]
public class CocoGoldenTests
{
    private const double Tolerance = 1e-12;

    private static readonly CocoGroundTruth GroundTruth = Unzip("coco/synth_gt.json.gz", CocoGroundTruth.Read);
    private static readonly CocoDetections Detections =
        Unzip("coco/synth_dets.json.gz", (stream, name) => CocoDetections.Read(stream, name, GroundTruth));
    private static readonly CocoEvaluation Default = CocoEvaluator.Evaluate(GroundTruth, Detections);

    [Fact]
    public void Summary_equals_the_reference()
    {
        SafetensorsFile golden = Golden.Read("coco_eval_summary");
        Near(golden.Tensors["stats"], Default.Summary.Values);
        Near(golden.Tensors["recall"], Default.RecallValues.Span);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("small")]
    [InlineData("medium")]
    [InlineData("large")]
    public void Precision_and_scores_equal_the_reference(string area)
    {
        SafetensorsFile golden = Golden.Read($"coco_eval_precision_{area}");
        int a = Default.Options.AreaRanges.Select(r => r.Name).ToList().IndexOf(area);
        List<double> precision = [];
        List<double> scores = [];
        for (int t = 0; t < Default.T; t++)
        {
            for (int r = 0; r < Default.R; r++)
            {
                for (int k = 0; k < Default.K; k++)
                {
                    precision.AddRange(Enumerable.Range(0, Default.M).Select(m => Default.Precision(t, r, k, a, m)));
                    scores.Add(Default.Score(t, r, k, a, 2));
                }
            }
        }

        Near(golden.Tensors["precision"], precision);
        Near(golden.Tensors["scores_maxdet100"], scores);
    }

    [Fact]
    public void Limits_100_300_1000_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("coco_eval_maxdets_100_300_1000");
        CocoEvaluation result = CocoEvaluator.Evaluate(GroundTruth, Detections, CocoEvaluationOptions.ReferenceMaxDetections);
        Near(golden.Tensors["stats"], result.Summary.Values);
        Near(golden.Tensors["precision_mean_per_cat"], result.Classes.Select(c => c.AP < 0 ? double.NaN : c.AP).ToList());
    }

    [Fact]
    public void Class_agnostic_evaluation_equals_the_reference()
    {
        CocoEvaluation result = CocoEvaluator.Evaluate(GroundTruth, Detections, new CocoEvaluationOptions { UseCategories = false });
        Near(Golden.Read("coco_eval_no_categories").Tensors["stats"], result.Summary.Values);
    }

    [Fact]
    public void Matches_of_single_images_equal_the_reference()
    {
        SafetensorsFile golden = Golden.Read("coco_eval_matches");
        long[][] cases = JsonSerializer.Deserialize<long[][]>(golden.Metadata["images"])!;
        Assert.NotEmpty(cases);
        for (int i = 0; i < cases.Length; i++)
        {
            CocoImageMatches matches = CocoEvaluator.Match(GroundTruth, Detections, cases[i][0], cases[i][1], CocoAreaRange.Default[0]);
            // The reference writes ids, ours from 1 for detections, and 0 for no match.
            double[] truthIds = [.. matches.GroundTruthOfDetection.Cast<int>().Select(g => g < 0 ? 0.0 : matches.GroundTruthIds[g])];
            double[] detectionIds = [.. matches.DetectionOfGroundTruth.Cast<int>().Select(d => d < 0 ? 0.0 : matches.Detections[d] + 1)];
            Assert.Equal(golden.Tensors[$"{i}.dtIds"].As<long>().ToArray(), matches.Detections.Select(d => d + 1L));
            Assert.Equal(golden.Tensors[$"{i}.gtIds"].As<long>().ToArray(), matches.GroundTruthIds);
            Near(golden.Tensors[$"{i}.dtMatches"], truthIds);
            Near(golden.Tensors[$"{i}.gtMatches"], detectionIds);
            Near(golden.Tensors[$"{i}.dtScores"], matches.Scores);
            Near(golden.Tensors[$"{i}.ious"], matches.Overlaps.Cast<double>().ToArray());
            Assert.Equal(golden.Tensors[$"{i}.dtIgnore"].Bytes.ToArray(), matches.DetectionIgnored.Cast<bool>()
                .Select(b => (byte)(b ? 1 : 0)));
            Assert.Equal(golden.Tensors[$"{i}.gtIgnore"].As<long>().ToArray(), matches.GroundTruthIgnored.Select(b => b ? 1L : 0));
        }
    }

    private static T Unzip<T>(string name, Func<Stream, string, T> read)
    {
        using FileStream file = File.OpenRead(Path.Combine(Golden.Folder, name));
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        return read(unzipped, name);
    }

    private static void Near(StoredTensor expected, IReadOnlyList<double> actual) => Near(expected, actual.ToArray().AsSpan());

    private static void Near(StoredTensor expected, ReadOnlySpan<double> actual)
    {
        ReadOnlySpan<double> values = expected.As<double>();
        Assert.Equal(values.Length, actual.Length);
        for (int i = 0; i < values.Length; i++)
        {
            bool near = double.IsNaN(values[i]) ? double.IsNaN(actual[i]) : Math.Abs(values[i] - actual[i]) <= Tolerance;
            Assert.True(near, $"element {i}: expected {values[i]:R}, got {actual[i]:R}");
        }
    }
}
