using Retort.Evaluation.Voc;

namespace Retort.Evaluation.Tests.Voc;

public class VocEvaluatorTests
{
    private static readonly VocObjects TwoObjects = new()
    {
        Images = [0, 1],
        Classes = [0, 0],
        Boxes = [10, 10, 29, 29, 10, 10, 109, 109],
        Difficult = [false, true],
    };

    [Fact]
    public void Difficult_objects_neither_help_nor_harm()
    {
        VocClassResult result = Evaluate([0, 1, 1], [10, 10, 29, 29, 10, 10, 109, 109, 12, 10, 109, 109], [0.5, 0.9, 0.8]);
        Assert.Equal(1, result.Objects);
        Assert.Equal([0, 0, 1], result.Recall);
        Assert.Equal(1, result.AP);
    }

    [Fact]
    public void A_second_detection_of_an_object_is_a_miss()
    {
        VocClassResult result = Evaluate([0, 0], [10, 10, 29, 29, 10, 10, 29, 29], [0.5, 0.9]);
        Assert.Equal([1, 0.5], result.Precision);
    }

    [Fact]
    public void An_overlap_of_exactly_the_threshold_is_the_callers_choice()
    {
        // The left half of the 19-pixel-wide box.
        double[] half = [10, 10, 19.5, 29];
        Assert.Equal(1, Evaluate([0], half, [0.5]).AP);
        Assert.Equal(0, Evaluate([0], half, [0.5], new VocEvaluationOptions { AboveThreshold = true }).AP);
    }

    [Fact]
    public void Inclusive_corners_add_a_pixel()
    {
        // 9 of 19 columns without the last pixel, 10 of 20 with it.
        double[] left = [10, 10, 19, 29];
        Assert.Equal(0, Evaluate([0], left, [0.5]).AP);
        Assert.Equal(1, Evaluate([0], left, [0.5], new VocEvaluationOptions { InclusiveCorners = true }).AP);
    }

    [Fact]
    public void Without_objects_the_mean_is_zero()
    {
        var none = new VocObjects { Images = [], Classes = [], Boxes = [] };
        var found = new VocDetections { Images = [0], Classes = [0], Boxes = [0, 0, 1, 1], Scores = [1] };
        Assert.Equal(0, VocEvaluator.Evaluate(none, found, 1).MeanAP);
    }

    [Fact]
    public void Wrong_lengths_and_indices_are_refused()
    {
        var good = new VocDetections { Images = [0], Classes = [0], Boxes = [0, 0, 1, 1], Scores = [1] };
        VocDetections[] bad = [good with { Boxes = [0] }, good with { Scores = [] }, good with { Classes = [1] },
            good with { Images = [-1] }];
        Assert.All(bad, found => Assert.Throws<ArgumentException>(() => VocEvaluator.Evaluate(TwoObjects, found, 1)));
        Assert.Throws<ArgumentException>(() => VocAveragePrecision.Compute([1], [], VocInterpolation.Area));
    }

    private static VocClassResult Evaluate(int[] images, double[] boxes, double[] scores, VocEvaluationOptions? options = null)
    {
        var found = new VocDetections { Images = images, Classes = new int[images.Length], Boxes = boxes, Scores = scores };
        return VocEvaluator.Evaluate(TwoObjects, found, 1, options).Classes[0];
    }
}
