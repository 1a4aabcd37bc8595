using CsCheck;
using Retort.Evaluation.Dota;

namespace Retort.Evaluation.Tests.Dota;

public class DotaEvaluatorTests
{
    private static readonly double[] Square = [0, 0, 10, 0, 10, 10, 0, 10];

    private static DotaObjects Objects(params (int Image, int Class, double[] Polygon, bool Difficult)[] all) => new()
    {
        Images = [.. all.Select(o => o.Image)],
        Classes = [.. all.Select(o => o.Class)],
        Polygons = [.. all.SelectMany(o => o.Polygon)],
        Difficult = [.. all.Select(o => o.Difficult)],
    };

    private static DotaDetections Found(params (int Image, int Class, double[] Polygon, double Score)[] all) => new()
    {
        Images = [.. all.Select(d => d.Image)],
        Classes = [.. all.Select(d => d.Class)],
        Polygons = [.. all.SelectMany(d => d.Polygon)],
        Scores = [.. all.Select(d => d.Score)],
    };

    private static double[] Moved(double[] polygon, double x) => [.. polygon.Select((v, k) => k % 2 == 0 ? v + x : v)];

    [Fact]
    public void Found_objects_score_one_and_classes_without_detections_nothing()
    {
        DotaEvaluation result = DotaEvaluator.Evaluate(Objects((0, 0, Square, false), (1, 1, Square, false)), Found((0, 0, Square, 0.3)),
            3);
        Assert.Equal([1.0, 0, 0], result.Classes.Select(c => c.MeanAP));
        Assert.Equal([1, 1, 0], result.Classes.Select(c => c.Objects));
        Assert.Equal(0.5, result.AP);
        Assert.Equal(0.5, result.MeanAt(0.5));
        Assert.Null(result.MeanAt(0.42));
    }

    [Fact]
    public void The_printed_sum_runs_on()
    {
        DotaEvaluation result = DotaEvaluator.Evaluate(Objects((0, 0, Square, false), (0, 1, Square, false)), Found((0, 0, Square, 0.3)), 2,
            new DotaEvaluationOptions { Thresholds = [0.5, 0.6, 0.7] });
        (double[] printed, double total) = result.ReferencePrint();
        Assert.Equal([0.5, 0.75, 0.875], printed);
        Assert.Equal(printed.Average(), total);
    }

    [Fact]
    public void Difficult_objects_count_neither_way()
    {
        DotaObjects objects = Objects((0, 0, Square, true), (0, 0, Moved(Square, 50), false));
        DotaEvaluation result = DotaEvaluator.Evaluate(objects, Found((0, 0, Square, 0.9), (0, 0, Moved(Square, 50), 0.8)), 1);
        Assert.Equal((1, 1.0), (result.Classes[0].Objects, result.AP));
    }

    [Fact]
    public void A_second_detection_of_an_object_is_wrong()
    {
        (double[] recall, double[] precision) =
            DotaEvaluator.Evaluate(Objects((0, 0, Square, false)), Found((0, 0, Square, 0.4), (0, 0, Square, 0.9)), 1).Classes[0]
            .Curve(0.5);
        Assert.Equal([1, 1], recall);
        Assert.Equal([1, 0.5], precision);
    }

    [Fact]
    public void Detections_in_another_image_or_class_do_not_find_it()
    {
        Assert.Equal(0, DotaEvaluator.Evaluate(Objects((0, 0, Square, false)), Found((1, 0, Square, 0.4), (0, 1, Square, 0.9)), 2).AP);
    }

    [Fact]
    public void An_overlap_of_exactly_the_threshold_is_too_little_for_DOTA_and_enough_on_windows()
    {
        double[] half = [0, 0, 5, 0, 5, 10, 0, 10];
        DotaObjects objects = Objects((0, 0, Square, false));
        Assert.Equal(0, DotaEvaluator.Evaluate(objects, Found((0, 0, half, 1)), 1).MeanAt(0.5));
        Assert.Equal(1, DotaEvaluator.Evaluate(objects, Found((0, 0, half, 1)), 1, DotaEvaluationOptions.Windows).MeanAt(0.5));
    }

    [Fact]
    public void Polygons_without_area_find_nothing()
    {
        double[] point = [5, 5, 5, 5, 5, 5, 5, 5];
        Assert.Equal(0, DotaEvaluator.Evaluate(Objects((0, 0, Square, false)), Found((0, 0, point, 1)), 1).AP);
        Assert.Equal(0, DotaEvaluator.Evaluate(Objects((0, 0, point, false)), Found((0, 0, point, 1)), 1).AP);
    }

    [Fact]
    public void Crossed_corners_stand_for_their_hull_and_dents_are_measured_as_they_are()
    {
        double[] crossed = [0, 0, 10, 10, 10, 0, 0, 10];
        double[] dented = [0, 0, 10, 0, 2, 2, 0, 10];
        Assert.Equal(1, Overlap(crossed, Square), 1e-12);
        Assert.Equal(0.2, Overlap(dented, Square), 1e-12);
        Assert.Equal(0.2, Overlap(Square, dented), 1e-12);
        Assert.Equal(1, Overlap(dented, dented), 1e-12);
        Assert.Equal(0, Overlap(dented, Moved([5, 5, 10, 5, 10, 10, 5, 10], 0)), 1e-12);
    }

    [Fact]
    public void Overlaps_are_symmetric_bounded_and_do_not_depend_on_the_first_corner_or_the_direction()
    {
        // No three corners in a line: there the hull of a crossed shape is a matter of rounding.
        Gen<double[]> quadrilateral = Gen.Double[0, 20].Array[8].Where(IsInGeneralPosition);
        Gen.Select(quadrilateral, quadrilateral).Sample((a, b) =>
        {
            double overlap = Overlap(a, b);
            Assert.InRange(overlap, 0, 1);
            Assert.Equal(overlap, Overlap(b, a), 1e-9);
            double[] turned = [.. a[2..], .. a[..2]];
            double[] backwards = [a[0], a[1], a[6], a[7], a[4], a[5], a[2], a[3]];
            Assert.Equal(overlap, Overlap(turned, b), 1e-9);
            Assert.Equal(overlap, Overlap(backwards, b), 1e-9);
        });
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => DotaEvaluator.Evaluate(Objects((0, 5, Square, false)), Found(), 2));
        Assert.Throws<ArgumentException>(() => DotaEvaluator.Evaluate(Objects((0, 0, Square[..6], false)), Found(), 2));
        Assert.Throws<ArgumentException>(
            () => DotaEvaluator.Evaluate(Objects(), Found(), 2, new DotaEvaluationOptions { Thresholds = [] }));
    }

    private static bool IsInGeneralPosition(double[] p) => Enumerable.Range(0, 4).All(skipped =>
    {
        double[] t = [.. p[..(2 * skipped)], .. p[((2 * skipped) + 2)..]];
        return Math.Abs(((t[2] - t[0]) * (t[5] - t[1])) - ((t[3] - t[1]) * (t[4] - t[0]))) > 0.01;
    });

    private static double Overlap(double[] a, double[] b) => new PolygonSet(a).Overlap(0, new PolygonSet(b), 0);
}
