using Retort.Detection.Kernels;
using Retort.Torch;

namespace Retort.Detection.Tests.Kernels;

[Trait("Device", TestDevice.CpuOnly)]
public class FusedOperatorsTests
{
    [Theory]
    [InlineData(17, 10, true, ScalarType.Float64)]
    [InlineData(80, 2, false, ScalarType.Float64)]
    [InlineData(3, 1, true, ScalarType.Float64)]
    [InlineData(68, 10, true, ScalarType.Float32)]
    [InlineData(17, 0.5, false, ScalarType.Float32)]
    public void Kullback_Leibler_equals_the_composed_form(int bins, double temperature, bool mean, ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor teacher = Random([999, bins], 2, 5);
        Check(Random([999, bins], 1, 5), type, s => FusedOperators.KullbackLeibler(s, teacher.To(type), temperature, mean), s =>
        {
            Tensor wanted = (teacher / temperature).LogSoftmax(-1);
            Tensor terms = wanted.Exp() * (wanted - (s / temperature).LogSoftmax(-1)) * (temperature * temperature);
            return mean ? terms.Mean([-1]) : terms.Sum([-1]);
        });
    }

    [Theory]
    [InlineData(17, ScalarType.Float64)]
    [InlineData(9, ScalarType.Float32)]
    public void Distribution_focal_equals_the_composed_form(int bins, ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor distances = Tensor.RandomUniform([777], ScalarType.Float64) * (bins - 1.1);
        Check(Random([777, bins], 1, 3), type, x => FusedOperators.DistributionFocal(x, distances.To(type)), x =>
        {
            Tensor rounded = distances.To(type).To(ScalarType.Float64);
            Tensor left = rounded.Floor();
            Tensor columns = Tensor.Stack([left, left + 1], 1).To(ScalarType.Int64);
            return -(x.LogSoftmax(1).Gather(1, columns) * Tensor.Stack([left + 1 - rounded, rounded - left], 1)).Sum([1]);
        });
    }

    [Theory]
    [InlineData(1, ScalarType.Float64)]
    [InlineData(3, ScalarType.Float64)]
    [InlineData(1, ScalarType.Float32)]
    public void Quality_background_equals_the_composed_form(int perCell, ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor weight = Random([2, 19 * 23 * perCell], 2, 1);
        Check(Random([2, 6, 19, 23], 1, 6), type, z => FusedOperators.QualityBackground(z, weight.To(type), perCell), z =>
        {
            Tensor loss = (-(-z).LogSigmoid() * z.Sigmoid().Square()).Reshape(2, perCell, 6 / perCell, 19, 23);
            return (loss * weight.Reshape(2, 19, 23, perCell).Permute(0, 3, 1, 2).Unsqueeze(2)).Sum();
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Cells_are_gathered_and_their_gradients_added_up(int perCell)
    {
        using var scope = new TensorScope();
        Tensor Axis(int size, int seed) =>
            (Random([50], seed, 1).Abs() * 1e6).To(ScalarType.Int64) is var large
            ? large - ((large.To(ScalarType.Float64) / size).Floor().To(ScalarType.Int64) * size) : null!;
        Tensor coordinates = Tensor.Stack([Axis(2, 1), Axis(perCell, 2), Axis(5, 3), Axis(4, 4)]);
        Tensor[] c = coordinates.Unbind();
        Check(Random([2, 6, 5, 4], 1, 1), ScalarType.Float64, m => FusedOperators.GatherCells(m, coordinates, perCell),
            m => m.Reshape(2, perCell, 6 / perCell, 5, 4).Index(c[0], c[1], null, c[2], c[3]));
        Assert.Throws<TorchException>(() => FusedOperators.GatherCells(Tensor.Zeros([2, 6, 5, 3]), coordinates, perCell));
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        using var scope = new TensorScope();
        const double Step = 1e-5;
        Tensor teacher = Random([1, 5], 2, 2), x = Random([1, 5], 1, 2);
        x.RequiresGrad = true;
        Tensor Loss(Tensor at) =>
            FusedOperators.KullbackLeibler(at, teacher, 3, false) + FusedOperators.DistributionFocal(at, Tensor.From([1.3], 1))
            + FusedOperators.QualityBackground(at.Reshape(1, 1, 1, 5), Tensor.Ones([1, 5], ScalarType.Float64), 1);
        Loss(x).Sum().Backward();
        double[] gradient = x.Grad!.ToArray<double>();
        for (int k = 0; k < 5; k++)
        {
            double[] up = x.ToArray<double>(), down = x.ToArray<double>();
            (up[k], down[k]) = (up[k] + Step, down[k] - Step);
            double slope = (Loss(Tensor.From(up, 1, 5)).Item() - Loss(Tensor.From(down, 1, 5)).Item()) / (2 * Step);
            Assert.Equal(slope, gradient[k], 1e-7);
        }
    }

    [Fact]
    public void Extreme_logits_stay_finite_and_a_nan_is_not_lost()
    {
        using var scope = new TensorScope();
        Tensor extreme = Tensor.From([-200f, 0, 200, -90, 90, 1e4f, -1e4f, 3], 1, 8), other =
            Tensor.From([0f, 5, -5, 100, -100, 3, 2, 1], 1, 8);
        Tensor expected = ((other.LogSoftmax(1) - extreme.LogSoftmax(1)) * other.Softmax(1)).Sum();
        Assert.Equal(expected.Item(), FusedOperators.KullbackLeibler(extreme, other, 1, false).Item(), Math.Abs(expected.Item()) * 1e-5);
        Assert.True(double.IsFinite(FusedOperators.QualityBackground(extreme.Reshape(1, 8, 1, 1), Tensor.Ones([1, 1]), 1).Item()));
        Tensor broken = Tensor.From([float.NaN, 0, 1, 2, 3, 4, 5, 6], 1, 8);
        Assert.True(double.IsNaN(FusedOperators.KullbackLeibler(broken, other, 1, false).Item()));
        Assert.True(double.IsNaN(FusedOperators.QualityBackground(broken.Reshape(1, 8, 1, 1), Tensor.Ones([1, 1]), 1).Item()));
    }

    [Fact]
    public void No_rows_give_no_losses()
    {
        using var scope = new TensorScope();
        Tensor none = Tensor.Zeros([0, 17]);
        none.RequiresGrad = true;
        FusedOperators.KullbackLeibler(none, Tensor.Zeros([0, 17]), 10, true).Sum().Backward();
        Assert.Equal([0L, 17], none.Grad!.Shape);
        Assert.Equal(0, FusedOperators.DistributionFocal(none, Tensor.Zeros([0])).Count);
    }

    // The fused form in one type against the composed one in double, with values and gradients under random weights.
    private static void Check(Tensor input, ScalarType type, Func<Tensor, Tensor> fused, Func<Tensor, Tensor> composed)
    {
        Tensor x = input.To(type).Clone(), y = input.To(type).To(ScalarType.Float64).Clone();
        (x.RequiresGrad, y.RequiresGrad) = (true, true);
        Tensor a = fused(x), b = composed(y);
        Assert.Equal(type, a.Type);
        Tensor weight = Random(a.Shape, 7, 1);
        (a * weight.To(type)).Sum().Backward();
        (b * weight.To(type).To(ScalarType.Float64)).Sum().Backward();
        AssertClose(b, a, type);
        AssertClose(y.Grad!, x.Grad!, type);
        using var noGrad = new NoGradScope();
        AssertClose(b, fused(x), type);
    }

    private static void AssertClose(Tensor expected, Tensor actual, ScalarType type)
    {
        double tolerance = (type == ScalarType.Float64 ? 1e-12 : 1e-5) * Math.Max(1, expected.Abs().Max().Item());
        Assert.InRange((expected - actual.To(ScalarType.Float64)).Abs().Max().Item(), 0, tolerance);
    }

    private static Tensor Random(long[] shape, int seed, double spread)
    {
        Runtime.Seed(seed);
        return Tensor.RandomNormal(shape, ScalarType.Float64) * spread;
    }
}
