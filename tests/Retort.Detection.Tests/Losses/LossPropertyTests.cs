using CsCheck;
using Retort.Detection.Geometry;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Tests.Losses;

public class LossPropertyTests : TensorTest
{
    private const int Boxes = 6;
    private static readonly Gen<double[]> s_box =
        Gen.Select(Gen.Double[-20, 20], Gen.Double[-20, 20], Gen.Double[0.5, 30], Gen.Double[0.5, 30],
            (x, y, w, h) => new[] { x, y, x + w, y + h });

    private static readonly Gen<(double[] First, double[] Second)> s_pairs =
        Gen.Select(s_box.Array[Boxes], s_box.Array[Boxes], (a, b) => (a.SelectMany(v => v).ToArray(), b.SelectMany(v => v).ToArray()));

    // Boxes that overlap well and share no side: near zero overlap the logarithm bends too sharply for a finite difference, and where sides
    // meet there is no derivative.
    private static readonly Gen<(double[] First, double[] Second)> s_near =
        Gen.Select(s_box.Array[Boxes], Gen.Double[0.05, 0.3].Array[4 * Boxes], Gen.Bool.Array[4 * Boxes], (boxes, moves, outwards) =>
        {
            double[] first = [.. boxes.SelectMany(v => v)];
            double Extent(int k) => first[k - (k % 4) + 2 + (k % 2)] - first[k - (k % 4) + (k % 2)];
            return (first, first.Select((v, k) => v + ((outwards[k] ? moves[k] : -moves[k]) * Extent(k))).ToArray());
        });

    [Fact]
    public void Overlaps_are_bounded_symmetric_and_ordered() => Sample(s_pairs, pair =>
    {
        (Tensor a, Tensor b) = (Of(pair.First), Of(pair.Second));
        foreach (OverlapKind kind in new[] { OverlapKind.Iou, OverlapKind.Giou, OverlapKind.Diou })
        {
            double low = kind == OverlapKind.Iou ? 0 : -1;
            Assert.All(BoxOverlaps.Aligned(a, b, kind).ToArray<double>(), v => Assert.InRange(v, low, 1 + 1e-9));
            Same(BoxOverlaps.Pairwise(a, b, kind), BoxOverlaps.Pairwise(b, a, kind).Transpose(0, 1));
            Assert.All((BoxOverlaps.Aligned(a, b) - BoxOverlaps.Aligned(a, b, kind)).ToArray<double>(), d => Assert.True(d >= -1e-12));
        }
    });

    [Fact]
    public void Overlaps_do_not_change_with_shift_and_scale() => Sample(s_pairs, pair =>
    {
        (Tensor a, Tensor b) = (Of(pair.First), Of(pair.Second));
        foreach (OverlapKind kind in Enum.GetValues<OverlapKind>())
        {
            Same(BoxOverlaps.Aligned(a, b, kind), BoxOverlaps.Aligned((a * 3) + 7, (b * 3) + 7, kind), 1e-6);
        }
    });

    [Fact]
    public void Box_losses_are_not_negative_and_their_gradients_are_those_of_finite_differences() => Sample(s_near, pair =>
    {
        Tensor target = Of(pair.Second);
        foreach (BoxLossKind kind in Enum.GetValues<BoxLossKind>())
        {
            Tensor Loss(Tensor boxes) => BoxLoss.Rows(boxes, target, kind);
            Assert.All(Loss(Of(pair.First)).ToArray<double>(), v => Assert.True(v >= -1e-6));
            CheckGradient(Loss, pair.First, [Boxes, 4]);
        }
    });

    [Fact]
    public void Gradients_of_score_losses_are_those_of_finite_differences() => Sample(
        Gen.Select(Gen.Double[-5, 5].Array[12], Gen.Double[0.05, 0.95].Array[4], Gen.Int[0, 3].Array[4]),
        sample =>
        {
            (double[] logits, double[] quality, int[] labels) = sample;
            Tensor classes = TestTensor.From([.. labels.Select(l => (long)l)], 4);
            CheckGradient(z => QualityFocalLoss.Rows(z, classes, TestTensor.From(quality, 4)), logits, [4, 3]);
            CheckGradient(z => SigmoidFocalLoss.Elements(z, classes), logits, [4, 3]);
            CheckGradient(z => CenternessLoss.Elements(z, TestTensor.From(quality, 4)), logits[..4], [4]);
            CheckGradient(z => DistributionFocalLoss.Rows(z, TestTensor.From(quality, 4) * 2 - 0.05), logits, [4, 3]);
        });

    [Fact]
    public void Quality_focal_loss_is_least_where_the_score_is_the_quality()
    {
        Tensor quality = TestTensor.From([0.2, 0.5, 0.9], 3);
        Tensor logits = (quality / (1.0 - quality)).Log().Unsqueeze(1);
        Tensor labels = TestTensor.Zeros([3], ScalarType.Int64);
        Assert.All(QualityFocalLoss.Rows(logits, labels, quality).ToArray<double>(), v => Assert.InRange(v, 0, 1e-12));
        Assert.All(QualityFocalLoss.Rows(logits + 0.5, labels, quality).ToArray<double>(), v => Assert.True(v > 1e-4));
    }

    [Fact]
    public void Distribution_focal_loss_is_least_where_the_mass_lies_on_both_neighbours_by_nearness()
    {
        Tensor best = TestTensor.From([1e-9, 0.7, 0.3, 1e-9], 1, 4).Log();
        Tensor distance = TestTensor.From([1.3], 1);
        double least = DistributionFocalLoss.Rows(best, distance).Item();
        Assert.Equal(-(0.7 * Math.Log(0.7)) - (0.3 * Math.Log(0.3)), least, 6);
        Assert.True(DistributionFocalLoss.Rows(TestTensor.From([1e-9, 0.6, 0.4, 1e-9], 1, 4).Log(), distance).Item() > least);
    }

    [Fact]
    public void Distances_encode_what_they_decode() => Sample(s_pairs, pair =>
    {
        Tensor boxes = Of(pair.First);
        Tensor points = (boxes.Narrow(1, 0, 2) + boxes.Narrow(1, 2, 2)) / 2;
        Same(boxes, BoxDistances.Decode(points, BoxDistances.Encode(points, boxes)));
    });

    private static void Sample<T>(Gen<T> gen, Action<T> check) => gen.Sample(
        value =>
        {
            using var scope = new TensorScope();
            check(value);
        },
        iter: 20,
        threads: 1);

    private static Tensor Of(double[] boxes) => TestTensor.From(boxes, boxes.Length / 4, 4);

    private static void Same(Tensor expected, Tensor actual, double tolerance = 1e-9) =>
        Assert.All((expected - actual).ToArray<double>(), d => Assert.InRange(d, -tolerance, tolerance));

    // One direction a sample: the change of the sum along it, against the gradient.
    private static void CheckGradient(Func<Tensor, Tensor> loss, double[] at, long[] shape)
    {
        const double Step = 1e-6;
        double[] direction = [.. at.Select((_, k) => Math.Cos((3 * k) + 1))];
        double Along(double t) => loss(TestTensor.From([.. at.Select((v, k) => v + (t * direction[k]))], shape)).Sum().Item();
        Tensor leaf = TestTensor.From(at, shape);
        leaf.RequiresGrad = true;
        double analytic = (Gradient(loss(leaf), leaf) * TestTensor.From(direction, shape)).Sum().Item();
        double numeric = (Along(Step) - Along(-Step)) / (2 * Step);
        Assert.True(Math.Abs(numeric - analytic) <= 1e-4 * (1 + Math.Abs(analytic)),
            $"{numeric} by differences, {analytic} by differentiation, at [{string.Join(", ", at)}]");
    }
}
