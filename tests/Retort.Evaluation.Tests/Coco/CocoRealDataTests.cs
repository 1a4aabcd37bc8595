using System.Text.Json;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

/// <summary>The twelve numbers of two sets of real annotations, computed with the reference evaluation.</summary>
public class CocoRealDataTests
{
    [Theory]
    [InlineData("coco_val2014_100", "data/eval_checks/coco_val2014_100/instances_val2014_100.json",
        "instances_val2014_fakebbox100_results.json")]
    [InlineData("nanodet_m_coco_val_mini", "data/coco_val_mini/annotations", "detections.json")]
    public void Twelve_numbers_equal_the_reference(string set, string annotations, string results)
    {
        string folder = Repository.SharedOrSkip($"data/eval_checks/{set}");
        string path = Repository.SharedOrSkip(annotations);
        string file = Directory.Exists(path) ? Directory.GetFiles(path, "*.json").Single() : path;
        CocoGroundTruth groundTruth = CocoGroundTruth.Read(file);
        CocoDetections detections = CocoDetections.Read(Path.Combine(folder, results), groundTruth);

        CocoSummary summary = CocoEvaluator.Evaluate(groundTruth, detections).Summary;

        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        double[] stats = [.. expected.RootElement.GetProperty("stats").EnumerateArray().Select(e => e.GetDouble())];
        Assert.Equal(stats.Length, summary.Values.Count);
        for (int i = 0; i < stats.Length; i++)
        {
            Assert.True(Math.Abs(stats[i] - summary.Values[i]) <= 1e-12,
                $"{CocoSummary.Names[i]}: expected {stats[i]:R}, got {summary.Values[i]:R}");
        }
    }
}
