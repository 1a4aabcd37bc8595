using System.Text.Json;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Voc;

namespace Retort.Evaluation.Tests.Voc;

/// <summary>Real detections with VOC numbers that a separate program computed; crowd regions are treated as difficult.</summary>
public class VocRealDataTests
{
    private const double Tolerance = 1e-9;

    [Theory]
    [InlineData("width_is_xmax_minus_xmin_plus_1", true)]
    [InlineData("width_is_xmax_minus_xmin", false)]
    public void Both_interpolations_equal_the_expected_numbers(string variant, bool inclusive)
    {
        string folder = Repository.SharedOrSkip("data/eval_checks/nanodet_m_coco_val_mini");
        CocoGroundTruth truth = CocoGroundTruth.Read(Repository.SharedOrSkip("data/coco_val_mini/annotations/instances_val_mini.json"));
        CocoDetections found = CocoDetections.Read(Path.Combine(folder, "detections.json"), truth);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected_voc.json")));
        JsonElement expected = json.RootElement.GetProperty(variant);
        var options = new VocEvaluationOptions { AboveThreshold = true, InclusiveCorners = inclusive };

        VocEvaluation area = Evaluate(truth, found, options);
        VocEvaluation eleven = Evaluate(truth, found, options with { Interpolation = VocInterpolation.ElevenPoint });

        foreach (VocClassResult item in area.Classes.Where(c => c.Objects > 0))
        {
            JsonElement one = expected.GetProperty("per_class").GetProperty(truth.Categories[item.Class].Name);
            Assert.Equal(one.GetProperty("npos").GetInt32(), item.Objects);
            Assert.Equal(one.GetProperty("ap_area").GetDouble(), item.AP, Tolerance);
            Assert.Equal(one.GetProperty("ap07").GetDouble(), eleven.Classes[item.Class].AP, Tolerance);
        }

        Assert.Equal(expected.GetProperty("mAP_area").GetDouble(), area.MeanAP, Tolerance);
        Assert.Equal(expected.GetProperty("mAP07").GetDouble(), eleven.MeanAP, Tolerance);
    }

    private static VocEvaluation Evaluate(CocoGroundTruth truth, CocoDetections found, VocEvaluationOptions options)
    {
        var columns = new CocoDetectionColumns(found, truth);
        return VocEvaluator.Evaluate(
            new VocObjects
            {
                Images = truth.ImageRanks,
                Classes = truth.CategoryRanks,
                Boxes = Corners(truth.Boxes),
                Difficult = truth.Crowd
            },
            new VocDetections
            {
                Images = columns.ImageRanks,
                Classes = columns.CategoryRanks,
                Boxes = Corners(found.Boxes),
                Scores = found.Scores.ToArray()
            },
            truth.Categories.Count,
            options);
    }

    private static double[] Corners(ReadOnlySpan<double> boxes)
    {
        double[] corners = boxes.ToArray();
        for (int i = 0; i < corners.Length; i += 4)
        {
            (corners[i + 2], corners[i + 3]) = (corners[i] + corners[i + 2], corners[i + 1] + corners[i + 3]);
        }

        return corners;
    }
}
