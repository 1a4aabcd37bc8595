using Retort.Core;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

public class CocoEvaluatorTests
{
    [Fact]
    public void Detections_in_a_crowd_region_do_not_count()
    {
        CocoSummary without = Summary((1, 1, [10, 10, 20, 20], 0.5), (1, 2, [50, 50, 40, 40], 0.5));
        CocoSummary with = Summary((1, 1, [10, 10, 20, 20], 0.5), (1, 2, [50, 50, 40, 40], 0.5), (2, 1, [5, 5, 10, 10], 0.9),
            (2, 1, [50, 5, 10, 10], 0.9));
        Assert.Equal(1, without.AP, 1e-12);
        Assert.Equal(without.Values, with.Values);
    }

    [Fact]
    public void A_surer_false_positive_halves_the_precision()
    {
        CocoEvaluation result = CocoEvaluator.Evaluate(
            CocoSamples.TwoImages, CocoSamples.Detections((1, 1, [200, 200, 20, 20], 0.9), (1, 1, [10, 10, 20, 20], 0.5)));
        Assert.Equal(0.5, result.Classes[0].AP, 1e-12);
        Assert.Equal(1, result.Classes[0].AR100, 1e-12);
        Assert.Equal(0, result.Classes[1].AP);
    }

    [Fact]
    public void What_cannot_be_measured_is_minus_one()
    {
        var empty = new CocoAnnotations { ImageIds = [], CategoryIds = [], Boxes = [] };
        var groundTruth = new CocoGroundTruth([1], [new CocoCategory(1, "cat")], empty);
        CocoEvaluation result = CocoEvaluator.Evaluate(groundTruth, CocoSamples.Detections((1, 1, [0, 0, 5, 5], 0.5)));
        Assert.All(result.Summary.Values, value => Assert.Equal(-1, value));
        Assert.Equal(new CocoClassResult(new CocoCategory(1, "cat"), -1, -1, -1, -1, 0), result.Classes.Single());
    }

    [Fact]
    public void Without_detections_precision_is_zero()
    {
        CocoSummary summary = Summary();
        Assert.Equal(0, summary.AP);
        Assert.Equal(0, summary.AR100);
        Assert.Equal(-1, summary.APl);
    }

    [Fact]
    public void Classes_count_objects_without_crowd_regions()
    {
        CocoEvaluation result = CocoEvaluator.Evaluate(CocoSamples.TwoImages, new CocoDetections());
        Assert.Equal(["cat", "dog"], result.Classes.Select(c => c.Category.Name));
        Assert.Equal([1, 1], result.Classes.Select(c => c.Objects));
    }

    [Fact]
    public void Only_the_surest_detections_of_an_image_count()
    {
        (long, long, double[], double)[] entries =
            [.. Enumerable.Range(0, 100).Select(i => (1L, 1L, new double[] { 300, 300, 9, 9 }, 0.9)), (1, 1, [10, 10, 20, 20], 0.1)];
        Assert.Equal(0, CocoEvaluator.Evaluate(CocoSamples.TwoImages, CocoSamples.Detections(entries)).Classes[0].AR100);
        Assert.Equal(1, CocoEvaluator.Evaluate(CocoSamples.TwoImages, CocoSamples.Detections(entries[1..])).Classes[0].AR100);
    }

    [Fact]
    public void An_object_with_annotation_id_zero_can_be_found()
    {
        var one = new CocoAnnotations { Ids = [0], ImageIds = [1], CategoryIds = [1], Boxes = [10, 10, 20, 20] };
        var groundTruth = new CocoGroundTruth([1], [new CocoCategory(1, "cat")], one);
        Assert.Equal(1, CocoEvaluator.Evaluate(groundTruth, CocoSamples.Detections((1, 1, [10, 10, 20, 20], 0.5))).Summary.AP, 1e-12);
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(1, 9)]
    public void Detections_of_something_unknown_are_an_error(long image, long category)
    {
        var error = Assert.Throws<RetortException>(() => Summary((1, 1, [0, 0, 1, 1], 0.5), (image, category, [0, 0, 1, 1], 0.5)));
        Assert.Contains("entry 1", error.Message);
        Assert.Contains(" 9 is not among the 2 ", error.Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        CocoEvaluationOptions[] bad =
        [
            new() { IouThresholds = [] },
            new() { IouThresholds = [0.5, 0.5] },
            new() { IouThresholds = [.. Enumerable.Range(1, 33).Select(i => i / 40.0)] },
            new() { RecallThresholds = [0, 1.5] },
            new() { MaxDetections = [100] },
            new() { MaxDetections = [10, 1, 100] },
            new() { AreaRanges = [] },
        ];
        Assert.All(bad, options => Assert.Throws<ArgumentException>(
            () => CocoEvaluator.Evaluate(CocoSamples.TwoImages, new CocoDetections(), options)));
    }

    private static CocoSummary Summary(params (long, long, double[], double)[] entries) =>
        CocoEvaluator.Evaluate(CocoSamples.TwoImages, CocoSamples.Detections(entries)).Summary;
}
