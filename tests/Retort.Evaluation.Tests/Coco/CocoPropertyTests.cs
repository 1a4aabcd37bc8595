using CsCheck;
using Retort.Core.Geometry;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

public class CocoPropertyTests
{
    private const int Images = 6;
    private const int Categories = 3;

    private static readonly Gen<double[]> GenBox =
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 200], Gen.Int[1, 150], Gen.Int[1, 150], (x, y, w, h) => new double[] { x, y, w, h });

    // Few distinct scores, so that ties are common.
    private static readonly Gen<(long Image, long Category, double[] Box, double Score)> GenEntry =
        Gen.Select(Gen.Long[1, Images], Gen.Long[1, Categories], GenBox, Gen.Int[1, 20],
            (image, category, box, score) => (image, category, box, score / 20.0));

    private static readonly Gen<(long Image, long Category, double[] Box, double Score)[]> GenObjects = GenEntry.Array[1, 25];

    // Detections near objects, so that matches at all thresholds occur, and others anywhere.
    private static readonly Gen<((long Image, long Category, double[] Box, double Score)[] Objects,
        (long, long, double[], double)[] Detections)> GenCase =
        from objects in GenObjects
        from others in GenEntry.Array[0, 20]
        from offsets in Gen.Int[0, 12].Array[objects.Length]
        select (objects, objects.Zip(offsets, (o, shift) => (o.Image, o.Category, new[] { o.Box[0] + shift, o.Box[1], o.Box[2], o.Box[3] },
            o.Score)).Concat(others).ToArray());

    [Fact]
    public void Perfect_detections_have_precision_and_recall_one() => GenObjects.Sample(objects =>
    {
        CocoSummary summary = Evaluate(objects, objects).Summary;
        Assert.Equal(1, summary.AP, 1e-12);
        Assert.Equal(1, summary.AR100, 1e-12);
    });

    [Fact]
    public void Results_lie_in_the_unit_interval_and_recall_grows_with_the_limit() => GenCase.Sample(test =>
    {
        CocoSummary s = Evaluate(test.Objects, test.Detections).Summary;
        Assert.All(s.Values, value => Assert.True(value == -1 || value is >= 0 and <= 1));
        Assert.True(s.AR1 <= s.AR10 + 1e-12 && s.AR10 <= s.AR100 + 1e-12 && s.AP <= s.AP50 + 1e-12);
    });

    [Fact]
    public void A_false_positive_of_lower_score_never_raises_precision() => Gen.Select(GenCase, GenEntry).Sample((test, extra) =>
    {
        // Far from every object, and less sure than all.
        (long, long, double[], double) miss = (extra.Image, extra.Category, [1000, 1000, extra.Box[2], extra.Box[3]], 0.001);
        double before = Evaluate(test.Objects, test.Detections).Summary.AP;
        double after = Evaluate(test.Objects, [.. test.Detections, miss]).Summary.AP;
        Assert.True(after <= before + 1e-12, $"{before} became {after}");
    });

    [Fact]
    public void A_false_positive_surer_than_all_never_raises_precision() => Gen.Select(GenCase, GenEntry).Sample((test, extra) =>
    {
        (long, long, double[], double) miss = (extra.Image, extra.Category, [1000, 1000, extra.Box[2], extra.Box[3]], 2);
        double before = Evaluate(test.Objects, test.Detections).Summary.AP;
        double after = Evaluate(test.Objects, [miss, .. test.Detections]).Summary.AP;
        Assert.True(after <= before + 1e-12, $"{before} became {after}");
    });

    [Fact]
    public void The_order_of_images_does_not_matter() =>
        Gen.Select(GenCase, Gen.Shuffle(Enumerable.Range(1, Images).Select(i => (long)i).ToArray())).Sample((test, order) =>
    {
        // Within an image the order of the file stays, because it decides between equal scores.
        (long, long, double[], double)[] moved = [.. test.Detections.OrderBy(d => Array.IndexOf(order, d.Item1))];
        (long Image, long Category, double[] Box, double Score)[] objects = [.. test.Objects.OrderBy(o => Array.IndexOf(order, o.Image))];
        CocoEvaluation expected = Evaluate(test.Objects, test.Detections);
        CocoEvaluation actual = Evaluate(objects, moved, order);
        Assert.Equal(expected.PrecisionValues.ToArray(), actual.PrecisionValues.ToArray());
        Assert.Equal(expected.RecallValues.ToArray(), actual.RecallValues.ToArray());
        Assert.Equal(expected.ScoreValues.ToArray(), actual.ScoreValues.ToArray());
    }, iter: 30);

    private static CocoEvaluation Evaluate(
        (long Image, long Category, double[] Box, double Score)[] objects, (long, long, double[], double)[] detections, long[]? images =
            null)
    {
        var annotations = new CocoAnnotations
        {
            ImageIds = [.. objects.Select(o => o.Image)],
            CategoryIds = [.. objects.Select(o => o.Category)],
            Boxes = [.. objects.SelectMany(o => o.Box)],
        };
        var categories = Enumerable.Range(1, Categories).Select(k => new CocoCategory(k, $"class {k}"));
        var groundTruth = new CocoGroundTruth(images ?? [.. Enumerable.Range(1, Images)], categories, annotations);
        return CocoEvaluator.Evaluate(groundTruth, CocoSamples.Detections(detections));
    }
}
