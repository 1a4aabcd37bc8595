using Retort.Core;
using Retort.Core.Geometry;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Voc;

namespace Retort.Evaluation.Tests.Voc;

/// <summary>The VOC numbers of a ground truth and detections in COCO's form.</summary>
public class VocSummaryTests
{
    private static readonly CocoAnnotations Objects =
        new()
        {
            ImageIds = [7, 9, 9],
            CategoryIds = [3, 3, 5],
            Boxes = [0, 0, 10, 10, 5, 5, 10, 20, 0, 0, 4, 4],
            Crowd = [false, false, true]
        };

    private static CocoGroundTruth Truth => new([9, 7], [new(5, "dog"), new(3, "cat")], Objects);

    private static CocoDetections Found(params (long Image, long Category, double[] Box, double Score)[] all)
    {
        var detections = new CocoDetections();
        foreach ((long image, long category, double[] box, double score) in all)
        {
            detections.Add(image, category, box, score);
        }

        return detections;
    }

    [Fact]
    public void Ids_stand_for_images_and_classes_and_crowds_are_difficult()
    {
        CocoDetections found = Found((9, 3, [5, 5, 10, 20], 0.9), (7, 3, [0, 0, 10, 10], 0.8), (9, 5, [0, 0, 4, 4], 0.7));
        VocSummary summary = VocSummary.Measure(Truth, found, VocInterpolation.Area);
        Assert.Equal(["cat", "dog"], summary.ClassNames);
        Assert.Equal([2, 1], summary.Detections);
        Assert.Equal([2, 0], summary.At(50).Classes.Select(c => c.Objects));
        Assert.Equal((1, 1, 1), (summary.AP, summary.AP50, summary.AP75));
        Assert.Equal((1, 0), (summary.MeanOfClass(0), summary.MeanOfClass(1)));
    }

    [Fact]
    public void AP_is_the_mean_over_the_thresholds_that_a_box_reaches()
    {
        // IoU of .72: a hit at .50 to .70, half of the ten.
        VocSummary summary = VocSummary.Measure(Truth, Found((7, 3, [0, 0, 10, 7.2], 0.9), (9, 3, [5, 5, 10, 14.4], 0.8)),
            VocInterpolation.Area);
        Assert.Equal(0.5, summary.AP, 12);
        Assert.Equal([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], summary.Thresholds.Select(t => t.MeanAP));
        Assert.Equal(VocSummary.Names.Count, summary.Values.Count);
        Assert.Equal("AP95", VocSummary.Names[^1]);
    }

    [Fact]
    public void Detections_of_other_images_or_classes_are_refused()
    {
        Assert.Contains("image_id 8", Assert.Throws<RetortException>(
            () => VocSummary.Measure(Truth, Found((8, 3, [0, 0, 1, 1], 1)), VocInterpolation.Area)).Message);
        Assert.Contains("category_id 4", Assert.Throws<RetortException>(
            () => VocSummary.Measure(Truth, Found((7, 4, [0, 0, 1, 1], 1)), VocInterpolation.Area)).Message);
    }
}
