using Retort.Detection.Losses;
using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Detection.Tests.Losses;

/// <summary>Losses of rotated boxes: values and gradients of the reference, and what must hold whatever the boxes.</summary>
public class RotatedLossTests : TensorTest
{
    public static TheoryData<string, GaussianDistance> Kinds => new()
    {
        { "gwd", GaussianDistance.Wasserstein },
        { "kld", GaussianDistance.ReverseKullbackLeibler },
        { "jd", GaussianDistance.Jeffreys },
        { "kld_symmax", GaussianDistance.LargerKullbackLeibler },
        { "kld_symmin", GaussianDistance.SmallerKullbackLeibler },
    };

    public static TheoryData<GaussianDistance> Distances => [.. Enum.GetValues<GaussianDistance>()];

    [Theory]
    [Trait("Category", Golden.Category)]
    [MemberData(nameof(Kinds))]
    public void Gaussian_losses_are_the_references(string name, GaussianDistance distance)
    {
        var options = new GaussianLossOptions { Distance = distance, Root = true, Normalized = distance == GaussianDistance.Wasserstein };
        Compare($"GDLoss.{name}.cfg_tau0_log1p", options);
        Compare($"GDLoss.{name}.tau1_log1p", options with { Tau = 1 });
        Compare($"GDLoss.{name}.tau1_sqrt", options with { Tau = 1, Map = DistanceMap.Sqrt });
        Compare($"GDLoss.{name}.tau0_none", options with { Map = DistanceMap.None });
    }

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("kld", GaussianDistance.KullbackLeibler, 2)]
    [InlineData("gwd", GaussianDistance.Wasserstein, 1)]
    [InlineData("bcd", GaussianDistance.Bhattacharyya, 1)]
    public void The_other_gaussian_losses_are_the_references(string name, GaussianDistance distance, double factor)
    {
        var options = new GaussianLossOptions { Distance = distance, Factor = factor, Least = 1e-6 };
        CompareVector($"GDLoss_v1.{name}.log1p_tau1", options with { Tau = 1 });
        CompareVector($"GDLoss_v1.{name}.sqrt_tau1", options with { Tau = 1, Map = DistanceMap.Sqrt });
        CompareVector($"GDLoss_v1.{name}.sqrt_tau2", options with { Tau = 2, Map = DistanceMap.Sqrt });
    }

    [Theory]
    [Trait("Category", Golden.Category)]
    [InlineData("none", KalmanFilterIouMap.None)]
    [InlineData("ln", KalmanFilterIouMap.Ln)]
    [InlineData("exp", KalmanFilterIouMap.Exp)]
    public void Kalman_filter_losses_are_the_references(string name, KalmanFilterIouMap map)
    {
        SafetensorsFile file = Golden.Read("rot_loss_kfiou");
        double weight = double.Parse(file.Metadata["loss_weight"]);
        (Tensor deltas, Tensor decoded) = (Leaf(file.Tensors["pred_delta"]), Leaf(file.Tensors["pred_decode"]));
        Tensor rows = KalmanFilterIouLoss.Rows(deltas, TestTensor.From(file.Tensors["target_delta"]), decoded,
            TestTensor.From(file.Tensors["target_decode"]), map) * weight;
        Close(file.Tensors[$"{name}.none.value"].As<float>(), rows);
        Close(file.Tensors[$"{name}.none.grad_delta"].As<float>(), Gradient(rows, deltas), 1e-4, 1e-5);
        Close(file.Tensors[$"{name}.none.grad_decode"].As<float>(), Gradient(rows, decoded), 1e-4, 1e-5);
        Tensor mean = (rows * TestTensor.From(file.Tensors["weight"])).Sum() / 6;
        Close(file.Tensors[$"{name}.w_avg6.value"].As<float>(), mean);
        Close(file.Tensors[$"{name}.w_avg6.grad_delta"].As<float>(), Gradient(mean, deltas), 1e-4, 1e-5);
        Close(file.Tensors[$"{name}.w_avg6.grad_decode"].As<float>(), Gradient(mean, decoded), 1e-4, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Distances))]
    public void Equal_descriptions_of_a_rectangle_cost_nothing(GaussianDistance distance)
    {
        Tensor targets = TestTensor.From([50f, 60, 30, 10, 0.3f, 50, 60, 30, 10, 0.3f], 2, 5).To(ScalarType.Float64);
        Tensor predictions = TestTensor.From([50f, 60, 30, 10, 0.3f + MathF.PI, 50, 60, 10, 30, 0.3f + (MathF.PI / 2)], 2, 5)
            .To(ScalarType.Float64);
        predictions.RequiresGrad = true;
        Tensor rows = GaussianBoxLoss.Rows(predictions, targets, new GaussianLossOptions { Distance = distance, Root = true });
        Assert.All(rows.ToArray<double>(), value => Assert.InRange(value, 0, 1e-3));
        Assert.All(Gradient(rows, predictions).ToArray<double>(), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Long_thin_boxes_have_finite_losses()
    {
        // Nearly parallel: the determinant of the sum is far below what single precision leaves of its terms.
        Tensor targets = TestTensor.From([50f, 60, 8000, 0.1f, MathF.PI / 4, 50, 60, 9000, 0.05f, 0.6f], 2, 5);
        Tensor predictions = TestTensor.From([50f, 60, 7000, 0.1f, MathF.PI / 4, 50, 60, 8000, 0.05f, 0.6f], 2, 5);
        predictions.RequiresGrad = true;
        Tensor kalman = KalmanFilterIouLoss.Rows(predictions, targets, predictions, targets, KalmanFilterIouMap.Ln);
        Tensor bhattacharyya = GaussianBoxLoss.Rows(predictions, targets,
            new GaussianLossOptions { Distance = GaussianDistance.Bhattacharyya });
        foreach (Tensor rows in (Tensor[])[kalman, bhattacharyya])
        {
            Assert.All(rows.ToArray<float>(), value => Assert.True(float.IsFinite(value)));
            Assert.All(Gradient(rows, predictions).ToArray<float>(), value => Assert.True(float.IsFinite(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Distances))]
    public void Gradients_are_those_of_differences(GaussianDistance distance)
    {
        float[] box = [50, 60, 30, 10, 0.3f];
        Tensor target = TestTensor.From([55f, 58, 20, 14, 0.8f], 1, 5).To(ScalarType.Float64);
        var options = new GaussianLossOptions
        {
            Distance = distance,
            Root = true,
            Normalized = distance == GaussianDistance.Wasserstein,
            Alpha = 0.7
        };
        Tensor prediction = TestTensor.From(box, 1, 5).To(ScalarType.Float64);
        prediction.RequiresGrad = true;
        double[] gradient = Gradient(GaussianBoxLoss.Rows(prediction, target, options), prediction).ToArray<double>();
        for (int k = 0; k < 5; k++)
        {
            double difference = (Moved(k, 1e-4) - Moved(k, -1e-4)) / 2e-4;
            Assert.Equal(difference, gradient[k], 1e-6);
        }

        double Moved(int column, double by)
        {
            double[] moved = [.. box.Select((value, k) => value + (k == column ? by : 0))];
            return GaussianBoxLoss.Rows(TestTensor.From(moved, 1, 5), target, options).Sum().ToArray<double>()[0];
        }
    }

    private void Compare(string name, GaussianLossOptions options)
    {
        SafetensorsFile file = Golden.Read("rot_loss_gd");
        Tensor predictions = Leaf(file.Tensors["pred"]);
        Tensor rows = GaussianBoxLoss.Rows(predictions, TestTensor.From(file.Tensors["target"]), options) * 5;

        bool[] equal = EqualRows(file, name + ".grad");

        // Root of a small difference of large numbers: five digits are not there.
        CloseWhereKnown(file.Tensors[name + ".value"].As<float>(), rows, equal, 1e-4, 2e-4);
        CloseWhereKnown(file.Tensors[name + ".grad"].As<float>(), Gradient(rows, predictions), equal, 1e-3, 1e-5);
        float[] weights = file.Tensors["weight"].As<float>().ToArray();
        Tensor mean = (rows * TestTensor.From(file.Tensors["weight"])).Sum() / 6;
        double known = file.Tensors[name + ".w_avg6.value"].As<float>()[0] - Equal(file.Tensors[name + ".value"].As<float>().ToArray());
        Assert.True(double.IsFinite(mean.Item()));
        Assert.Equal(double.IsNaN(known) ? Rest(file.Tensors[name + ".value"].As<float>().ToArray())
            : known, mean.Item() - Equal(rows.ToArray<float>()), 1e-4 + (1e-4 * mean.Item()));
        CloseWhereKnown(file.Tensors[name + ".w_avg6.grad"].As<float>(), Gradient(mean, predictions), equal, 1e-3, 1e-5);

        // The part of the mean that rows of equal boxes have, and that of the others.
        double Equal(float[] values) => values.Select((value, k) => equal[k] ? value * (double)weights[k] / 6 : 0).Sum();
        double Rest(float[] values) => values.Select((value, k) => equal[k] ? 0 : value * (double)weights[k] / 6).Sum();
    }

    // The reference's vector leaves out the rows without weight.
    private void CompareVector(string name, GaussianLossOptions options)
    {
        SafetensorsFile file = Golden.Read("rot_loss_gd");
        Tensor predictions = Leaf(file.Tensors["pred"]);
        Tensor weighted = TestTensor.From(file.Tensors["weight"]).Gt(0).Nonzero().Squeeze(1);
        Tensor rows = GaussianBoxLoss.Rows(predictions, TestTensor.From(file.Tensors["target"]), options).IndexSelect(0, weighted);
        bool[] equal = EqualRows(file, name + ".grad");
        CloseWhereKnown(file.Tensors[name + ".value_vector"].As<float>(), rows, [.. weighted.ToArray<long>().Select(k => equal[k])], 1e-4,
            1e-4);
        CloseWhereKnown(file.Tensors[name + ".grad"].As<float>(), Gradient(rows, predictions), equal, 1e-3, 1e-5);
    }

    // Rows of equal boxes: the distance is what rounding leaves of zero, and where its root is taken neither value nor gradient says more.
    // The reference's gradient may be NaN.
    private static bool[] EqualRows(SafetensorsFile file, string gradient)
    {
        float[][] predictions = Rows("pred"), targets = Rows("target"), gradients = Rows(gradient);
        bool[] equal = [.. predictions.Select((row, k) => row.SequenceEqual(targets[k]) || gradients[k].Any(float.IsNaN))];
        Assert.Contains(false, equal);
        return equal;

        float[][] Rows(string name) => [.. file.Tensors[name].As<float>().ToArray().Chunk(5)];
    }

    // Rows of equal boxes have about the reference's values, and gradients that are numbers.
    private static void CloseWhereKnown(ReadOnlySpan<float> expected, Tensor actual, bool[] equal, double relative, double absolute)
    {
        const float Small = 0.3f;
        float[] values = actual.ToArray<float>();
        Assert.Equal(expected.Length, values.Length);
        int width = values.Length / equal.Length;
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(float.IsFinite(values[k]), $"element {k} is {values[k]}");
            if (!equal[k / width])
            {
                Assert.Equal(expected[k], values[k], absolute + (relative * Math.Abs(expected[k])));
            }
            else if (width == 1)
            {
                // With tau 2 the loss of equal boxes is 1 - 1 / 2.
                Assert.Equal(float.IsNaN(expected[k]) ? 0 : expected[k], values[k], Small);
            }
        }
    }
}
