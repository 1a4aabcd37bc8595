using Retort.Core;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;

namespace Retort.Torch.Tests;

public class OptimizerTests
{
    private const int Elements = 70_001;

    [Theory]
    [InlineData(0.0, 0.0, false, ScalarType.Float64)]
    [InlineData(0.9, 0.0, false, ScalarType.Float64)]
    [InlineData(0.9, 1e-2, false, ScalarType.Float64)]
    [InlineData(0.9, 1e-2, true, ScalarType.Float64)]
    [InlineData(0.9, 1e-2, false, ScalarType.Float32)]
    [InlineData(0.9, 1e-2, true, ScalarType.BFloat16)]
    public void Sgd_equals_the_definition_step_by_step(double momentum, double decay, bool nesterov, ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor p = Leaf([Elements], type, 1);
        double[] expected = p.ToArray<double>(), buffer = new double[Elements];
        using var optimizer = new Sgd([p], 0.1, momentum, decay, nesterov);
        for (int step = 0; step < 4; step++)
        {
            double[] g = GiveGradient(p, step);
            optimizer.LearningRate = 0.1 / (step + 1);
            optimizer.Step();
            for (int k = 0; k < Elements; k++)
            {
                double d = g[k] + (decay * expected[k]);
                buffer[k] = step == 0 ? d : (momentum * buffer[k]) + d;
                double change = momentum == 0 ? d : nesterov ? d + (momentum * buffer[k]) : buffer[k];
                expected[k] -= optimizer.LearningRate * change;
            }
        }

        AssertClose(expected, p.ToArray<double>(), Tolerance(type));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void AdamW_equals_the_definition_step_by_step(ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor p = Leaf([Elements], type, 1);
        double[] expected = p.ToArray<double>(), m = new double[Elements], v = new double[Elements];
        using var optimizer = new AdamW([p], 0.01, 0.05);
        for (int step = 1; step <= 4; step++)
        {
            double[] g = GiveGradient(p, step);
            optimizer.Step();
            for (int k = 0; k < Elements; k++)
            {
                expected[k] *= 1 - (0.01 * 0.05);
                m[k] = (0.9 * m[k]) + (0.1 * g[k]);
                v[k] = (0.999 * v[k]) + (0.001 * g[k] * g[k]);
                double root = Math.Sqrt(v[k] / (1 - Math.Pow(0.999, step))) + 1e-8;
                expected[k] -= 0.01 * m[k] / (1 - Math.Pow(0.9, step)) / root;
            }
        }

        AssertClose(expected, p.ToArray<double>(), Tolerance(type));
    }

    [Fact]
    public void Groups_have_their_own_rate_and_decay_and_parameters_without_gradient_stay()
    {
        using var scope = new TensorScope();
        Tensor a = Leaf([3], ScalarType.Float64, 1), b = Leaf([3], ScalarType.Float64, 2), still = Leaf([3], ScalarType.Float64, 3);
        double[] a0 = a.ToArray<double>(), b0 = b.ToArray<double>(), still0 = still.ToArray<double>();
        using var optimizer = new Sgd([new ParameterGroup([a, still]), new ParameterGroup([b], 2, 0)], 0.1, 0.9, 0.5);
        double[] ga = GiveGradient(a, 1), gb = GiveGradient(b, 2);
        optimizer.Step();
        AssertClose([.. a0.Select((x, k) => x - (0.1 * (ga[k] + (0.5 * x))))], a.ToArray<double>(), 1e-12);
        AssertClose([.. b0.Select((x, k) => x - (0.2 * gb[k]))], b.ToArray<double>(), 1e-12);
        Assert.Equal(still0, still.ToArray<double>());
        Assert.Equal([0L, 2], optimizer.SaveState().State.Keys.Order());
        Assert.Throws<ArgumentException>(() => new Sgd([new ParameterGroup([a]), new ParameterGroup([a])], 0.1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Resuming_gives_the_same_bits(bool adam)
    {
        using var scope = new TensorScope();
        Optimizer Make(Tensor p) => adam ? new AdamW([p], 0.01) : new Sgd([p], 0.01, 0.9, 1e-4);
        Tensor straight = Leaf([1000], ScalarType.Float32, 1);
        using Optimizer first = Make(straight);
        Step(first, straight, 0, 3);
        OptimizerState saved = first.SaveState();
        Tensor resumed = straight.Detach().Clone();
        resumed.RequiresGrad = true;
        using Optimizer second = Make(resumed);
        second.LoadState(saved);
        Step(first, straight, 3, 6);
        Step(second, resumed, 3, 6);
        Assert.Equal(straight.ToArray<float>(), resumed.ToArray<float>());
        Assert.Equal(first.SaveState().Groups[0]["params"], second.SaveState().Groups[0]["params"]);
        using Optimizer other = new Sgd([straight, resumed], 0.1);
        Assert.Throws<RetortException>(() => other.LoadState(saved));
    }

    [Fact]
    public void Optimizers_and_averages_free_their_state()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        using (Conv2d net = new Conv2d(2, 3, 3).OnTestDevice())
        {
            using var sgd = new Sgd(net.NamedParameters().Select(p => p.Tensor), 0.1, 0.9);
            using var adam = new AdamW(net.NamedParameters().Select(p => p.Tensor));
            using var average = new ExponentialMovingAverage(net);
            net.Forward(TestTensor.Ones([1, 2, 5, 5])).Sum().Backward();
            sgd.Step();
            adam.Step();
            sgd.LoadState(sgd.SaveState());
            average.Update();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_are_cleared(bool keepMemory)
    {
        using var scope = new TensorScope();
        Tensor p = Leaf([3], ScalarType.Float32, 1);
        using var optimizer = new Sgd([p], 0.1);
        GiveGradient(p, 1);
        optimizer.ZeroGrad(keepMemory);
        Assert.Equal(keepMemory ? new float[3] : null, p.Grad?.ToArray<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    public void Clipping_scales_all_gradients_by_their_joint_norm(ScalarType type)
    {
        using var scope = new TensorScope();
        Tensor a = Leaf([Elements], type, 1), b = Leaf([7], type, 2), none = Leaf([2], type, 3);
        double[] ga = GiveGradient(a, 1), gb = GiveGradient(b, 2);
        double norm = Math.Sqrt(ga.Concat(gb).Sum(x => x * x));
        double tolerance = Tolerance(type);
        Assert.Equal(norm, GradientClipping.Norm([a, none, b]).Item(), norm * tolerance);
        Assert.Equal(norm, GradientClipping.ByNorm([a, b], 2 * norm).Item(), norm * tolerance);
        AssertClose(ga, a.Grad!.ToArray<double>(), 1e-12);
        double maximum = norm / 4;
        GradientClipping.ByNorm([a, b], maximum);
        AssertClose([.. gb.Select(x => x * maximum / (norm + 1e-6))], b.Grad!.ToArray<double>(), tolerance);
        Assert.Equal(0, GradientClipping.ByNorm([none], 1).Item());
    }

    [Fact]
    public void A_bad_gradient_shows_in_the_norm()
    {
        using var scope = new TensorScope();
        Tensor a = Leaf([3], ScalarType.Float32, 1), b = Leaf([3], ScalarType.Float32, 2);
        GiveGradient(a, 1);
        b.Grad = TestTensor.From([1f, float.NaN, 2f], 3);
        Assert.False(double.IsFinite(GradientClipping.ByNorm([a, b], 1).Item()));
    }

    [Fact]
    public void The_moving_average_follows_its_definition()
    {
        using var scope = new TensorScope();
        using BatchNorm2d norm = new BatchNorm2d(3).OnTestDevice();
        using var average = new ExponentialMovingAverage(norm, 0.75, warmUp: false);
        using var noGrad = new NoGradScope();
        norm.Weight.Detach().Fill(5);
        norm.BatchesTracked.Fill(7);
        average.Update();
        Dictionary<string, StoredTensor> saved = average.SaveState().ToDictionary();
        Assert.Equal([2f, 2, 2], saved["weight"].As<float>().ToArray());
        Assert.Equal(7, saved["num_batches_tracked"].As<long>()[0]);
        average.Swap();
        Assert.Equal([2f, 2, 2], norm.Weight.ToArray<float>());
        average.Swap();
        Assert.Equal([5f, 5, 5], norm.Weight.ToArray<float>());
        average.LoadState(saved, 9);
        Assert.Equal(9, average.Updates);
        saved.Remove("bias");
        Assert.Throws<RetortException>(() => average.LoadState(saved, 9));
    }

    private static void Step(Optimizer optimizer, Tensor parameter, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            GiveGradient(parameter, step);
            optimizer.Step();
        }
    }

    private static Tensor Leaf(long[] shape, ScalarType type, int seed)
    {
        Runtime.Seed(seed);
        Tensor leaf = TestTensor.RandomNormal(shape).To(type);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static double[] GiveGradient(Tensor parameter, int seed)
    {
        Runtime.Seed(seed + 100);
        Tensor gradient = TestTensor.RandomNormal(parameter.Shape).To(parameter.Type);
        parameter.Grad = gradient;
        return gradient.ToArray<double>();
    }

    private static double Tolerance(ScalarType type) => type switch
    {
        ScalarType.Float64 => 1e-12,
        ScalarType.Float32 => 1e-5,
        _ => 5e-2,
    };

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - actual[k]) <= tolerance * Math.Max(1, Math.Abs(expected[k])),
                $"element {k}: {expected[k]} expected, got {actual[k]}");
        }
    }
}
