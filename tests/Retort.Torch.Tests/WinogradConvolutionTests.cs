namespace Retort.Torch.Tests;

[Trait("Device", TestDevice.CpuOnly)]
public class WinogradConvolutionTests
{
    private static readonly TorchOperator s_direct = new("aten::conv2d");

    /// <summary>Images, channels in and out, height, width.</summary>
    public sealed record Case(int Images, int In, int Out, int Height, int Width)
    {
        /// <summary>Input, weight and bias, float64, of the sizes that layers have after their initialisation.</summary>
        public Tensor[] Inputs()
        {
            Runtime.Seed(5);
            double deviation = Math.Sqrt(2.0 / (9 * In));
            return
            [
                Tensor.RandomNormal([Images, In, Height, Width], ScalarType.Float64),
                Tensor.RandomNormal([Out, In, 3, 3], ScalarType.Float64) * deviation,
                Tensor.RandomNormal([Out], ScalarType.Float64),
            ];
        }
    }

    // One pixel, less than a tile, odd sizes, a width below, at and above the lanes; channels that fill no block, one, an odd number; many
    // chunks of rows, no image.
    private static readonly Case[] s_cases =
    [
        new(1, 1, 1, 1, 1), new(2, 5, 3, 2, 3), new(3, 20, 37, 13, 18), new(2, 40, 33, 17, 5), new(1, 16, 16, 4, 4),
        new(2, 33, 64, 6, 16), new(1, 48, 80, 21, 50), new(1, 64, 64, 128, 124), new(2, 256, 256, 20, 20), new(0, 6, 4, 7, 9),
    ];

    public static TheoryData<Case, int> Cases
    {
        get
        {
            var data = new TheoryData<Case, int>();
            foreach (Case test in s_cases)
            {
                foreach (int lanes in new[] { 16, 8, 4 })
                {
                    data.Add(test, lanes);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Result_and_gradients_are_those_of_double_precision(Case test, int lanes)
    {
        using var scope = new TensorScope();
        Tensor[] inputs = test.Inputs();
        (Tensor expected, Tensor[] expectedGradients) = WithGradients(Reference, inputs, ScalarType.Float64);
        (Tensor result, Tensor[] gradients) =
            WithGradients(t => WinogradConvolution.Apply(t[0], t[1], t[2], lanes), inputs, ScalarType.Float32);
        AssertClose(expected, result);
        for (int k = 0; k < inputs.Length; k++)
        {
            AssertClose(expectedGradients[k], gradients[k]);
        }
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        // The sum of weighted results is linear in each argument, so that a large step has no error of its own.
        const float Step = 1;
        using var scope = new TensorScope();
        Tensor[] inputs = [.. new Case(1, 3, 4, 6, 5).Inputs().Select(t => t.To(ScalarType.Float32))];
        (_, Tensor[] gradients) = WithGradients(Own, inputs, ScalarType.Float32);
        for (int k = 0; k < inputs.Length; k++)
        {
            float[] values = inputs[k].ToArray<float>(), slopes = gradients[k].ToArray<float>();
            for (int at = 0; at < values.Length; at++)
            {
                double Moved(float by)
                {
                    float[] moved = [.. values];
                    moved[at] += by;
                    Tensor[] changed = [.. inputs];
                    changed[k] = Tensor.From(moved, inputs[k].Shape);
                    Tensor output = Own(changed).To(ScalarType.Float64);
                    return (output * Weights(output.Shape)).Sum().Item();
                }

                Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), slopes[at], 1e-4);
            }
        }
    }

    [Fact]
    public void Only_what_is_asked_for_gets_a_gradient()
    {
        using var scope = new TensorScope();
        Tensor[] all = [.. new Case(2, 8, 12, 9, 10).Inputs().Select(t => t.To(ScalarType.Float32))];
        (_, Tensor[] expected) = WithGradients(Own, all, ScalarType.Float32);
        for (int wanted = 0; wanted < 3; wanted++)
        {
            Tensor[] leaves = [.. all.Select(t => t.Clone())];
            leaves[wanted].RequiresGrad = true;
            Tensor output = Own(leaves);
            (output * Weights(output.Shape).To(ScalarType.Float32)).Sum().Backward();
            Assert.Equal(expected[wanted].ToArray<float>(), leaves[wanted].Grad!.ToArray<float>());
            Assert.All(leaves.Where((_, k) => k != wanted), leaf => Assert.Null(leaf.Grad));
        }

        Assert.False(Own(all).RequiresGrad);
    }

    [Fact]
    public void Tensors_that_are_not_dense_give_what_dense_ones_give()
    {
        using var scope = new TensorScope();
        Tensor[] dense = [.. new Case(2, 20, 24, 11, 12).Inputs().Select(t => t.To(ScalarType.Float32))];
        Tensor Scattered(Tensor[] t)
        {
            // The same values with the axes in another order in memory, and a gradient that comes back so too.
            Tensor input = t[0].Permute(0, 2, 3, 1).Contiguous().Permute(0, 3, 1, 2), weight =
                t[1].Permute(3, 2, 1, 0).Contiguous().Permute(3, 2, 1, 0);
            return WinogradConvolution.Apply(input, weight, t[2]).Permute(0, 2, 3, 1).Contiguous().Permute(0, 3, 1, 2);
        }

        (Tensor expected, Tensor[] expectedGradients) = WithGradients(Own, dense, ScalarType.Float32);
        (Tensor result, Tensor[] gradients) = WithGradients(Scattered, dense, ScalarType.Float32);
        Assert.Equal(expected.ToArray<float>(), result.ToArray<float>());
        Assert.Equal(expectedGradients.Select(g => g.ToArray<float>()), gradients.Select(g => g.ToArray<float>()));

        // The gradient of a sum is one value that is seen everywhere.
        Tensor leaf = dense[1].Clone();
        leaf.RequiresGrad = true;
        WinogradConvolution.Apply(dense[0], leaf).Sum().Backward();
        Tensor reference = dense[1].To(ScalarType.Float64).Clone();
        reference.RequiresGrad = true;
        Reference([dense[0].To(ScalarType.Float64), reference, dense[2].To(ScalarType.Float64)]).Sum().Backward();
        AssertClose(reference.Grad!, leaf.Grad!);
    }

    [Theory]
    [InlineData(2, 40, 72, 30, 31)]
    [InlineData(1, 64, 64, 128, 124)]
    public void The_bits_depend_neither_on_the_thread_count_nor_on_earlier_calls(
        int images, int channels, int outputs, int height, int width)
    {
        int threads = Runtime.Threads;
        using var scope = new TensorScope();
        Tensor[] inputs = new Case(images, channels, outputs, height, width).Inputs();
        try
        {
            var runs = new List<float[][]>();
            foreach (int count in new[] { 1, 3, 3, 2 })
            {
                Runtime.Threads = count;
                (Tensor result, Tensor[] gradients) = WithGradients(Own, inputs, ScalarType.Float32);
                runs.Add([result.ToArray<float>(), .. gradients.Select(g => g.ToArray<float>())]);
                WithGradients(Own, new Case(1, 50, 20, 40, 40).Inputs(), ScalarType.Float32);
            }

            Assert.All(runs, run => Assert.Equal(runs[0], run));
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    [Fact]
    public void Two_threads_at_once_give_what_each_gives_alone()
    {
        using var scope = new TensorScope();

        // Drawn beforehand: threads share the random generator.
        Tensor[][] inputs = [new Case(1, 40, 33, 30, 31).Inputs(), new Case(2, 17, 60, 25, 22).Inputs()];
        Tensor[] weights = [Weights([1, 33, 30, 31]), Weights([2, 60, 25, 22])];
        float[][] Run(int k)
        {
            using var own = new TensorScope();
            (Tensor result, Tensor[] gradients) = WithGradients(Own, inputs[k], ScalarType.Float32, weights[k]);
            return [result.ToArray<float>(), .. gradients.Select(g => g.ToArray<float>())];
        }

        float[][][] alone = [Run(0), Run(1)];
        for (int turn = 0; turn < 5; turn++)
        {
            var together = new float[2][][];
            Thread[] threads = [new(() => together[0] = Run(0)), new(() => together[1] = Run(1))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(alone, together);
        }
    }

    [Fact]
    public void Weights_that_are_written_in_place_count()
    {
        using var scope = new TensorScope();
        Tensor[] inputs = [.. new Case(1, 32, 32, 12, 12).Inputs().Select(t => t.To(ScalarType.Float32))];
        Own(inputs);
        inputs[1].MulInPlace(-0.5);
        AssertClose(Reference([.. inputs.Select(t => t.To(ScalarType.Float64))]), Own(inputs));
    }

    [Fact]
    public void A_gradient_has_a_gradient()
    {
        using var scope = new TensorScope();
        Tensor[] inputs = new Case(1, 6, 5, 7, 6).Inputs();
        Tensor[] Second(Func<Tensor[], Tensor> apply, ScalarType type)
        {
            Tensor[] leaves = Leaves(inputs, type);
            Tensor output = apply(leaves);
            Tensor[] first = [.. Tensor.Gradients(output * output, leaves, Weights(output.Shape).To(type), retainGraph: true,
                createGraph: true).Select(g => g!)];
            (first[0] * first[0]).Sum().Backward();
            return [.. leaves.Select(leaf => leaf.Grad!)];
        }

        Tensor[] expected = Second(Reference, ScalarType.Float64), actual = Second(Own, ScalarType.Float32);
        for (int k = 0; k < expected.Length; k++)
        {
            AssertClose(expected[k], actual[k]);
        }
    }

    [Fact]
    public void Shapes_and_types_that_do_not_fit_are_refused()
    {
        using var scope = new TensorScope();
        Tensor input = Tensor.Zeros([1, 4, 5, 5]), weight = Tensor.Zeros([2, 4, 3, 3]);
        Assert.Contains("[out, in, 3, 3]", Assert.Throws<TorchException>(
            () => WinogradConvolution.Apply(input, Tensor.Zeros([2, 3, 3, 3]))).Message);
        Assert.Contains("[out, in, 3, 3]", Assert.Throws<TorchException>(
            () => WinogradConvolution.Apply(input, Tensor.Zeros([2, 4, 5, 5]))).Message);
        Assert.Contains("bias [out]", Assert.Throws<TorchException>(
            () => WinogradConvolution.Apply(input, weight, Tensor.Zeros([3]))).Message);
        Assert.Contains("float", Assert.Throws<TorchException>(() =>
            WinogradConvolution.Apply(input.To(ScalarType.Float64), weight)).Message);
    }

    [Fact]
    public void Training_uses_it_where_it_suits()
    {
        using var scope = new TensorScope();
        Tensor input = Tensor.RandomNormal([1, 64, 40, 40]), weight = Tensor.RandomNormal([64, 64, 3, 3]);
        bool Suits(Tensor x, Tensor w, int stride = 1, int padding = 1, int dilation = 1, int groups = 1) =>
            WinogradConvolution.Suits(x, w, stride, padding, dilation, groups);
        Assert.True(Suits(input, weight));
        Assert.Equal(WinogradConvolution.Apply(input, weight).ToArray<float>(), Functional.Conv2d(input, weight, null, 1, 1)
            .ToArray<float>());
        Assert.False(Suits(input, weight, stride: 2));
        Assert.False(Suits(input, weight, padding: 0));
        Assert.False(Suits(input, weight, dilation: 2));
        Assert.False(Suits(input, weight, groups: 2));
        Assert.False(Suits(input, Tensor.Zeros([64, 64, 1, 1])));
        Assert.False(Suits(input, Tensor.Zeros([4, 64, 3, 3])));
        Assert.False(Suits(Tensor.Zeros([1, 3, 40, 40]), Tensor.Zeros([64, 3, 3, 3])));
        Assert.False(Suits(Tensor.Zeros([1, 64, 5, 5]), weight));
        Assert.False(Suits(input.To(ScalarType.Float64), weight.To(ScalarType.Float64)));
        using var noGrad = new NoGradScope();
        Assert.False(Suits(input, weight));
        Assert.Equal(Direct(input, weight, null).ToArray<float>(), Functional.Conv2d(input, weight, null, 1, 1).ToArray<float>());
    }

    [Fact]
    public void Everything_is_freed()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            WithGradients(Own, new Case(1, 8, 8, 9, 9).Inputs(), ScalarType.Float32);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static Tensor Own(Tensor[] t) => WinogradConvolution.Apply(t[0], t[1], t[2]);

    private static Tensor Reference(Tensor[] t) => Direct(t[0], t[1], t[2]);

    private static Tensor Direct(Tensor input, Tensor weight, Tensor? bias) =>
        s_direct.Call(input, weight, bias, new long[] { 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1 }, 1);

    private static Tensor[] Leaves(Tensor[] inputs, ScalarType type)
    {
        Tensor[] leaves = [.. inputs.Select(t => t.To(type).Clone())];
        Array.ForEach(leaves, leaf => leaf.RequiresGrad = true);
        return leaves;
    }

    private static (Tensor Output, Tensor[] Gradients) WithGradients(
        Func<Tensor[], Tensor> apply, Tensor[] inputs, ScalarType type, Tensor? weights = null)
    {
        Tensor[] leaves = Leaves(inputs, type);
        Tensor output = apply(leaves);
        (output * (weights ?? Weights(output.Shape)).To(type)).Sum().Backward();
        return (output, [.. leaves.Select(leaf => leaf.Grad!)]);
    }

    private static Tensor Weights(long[] shape)
    {
        Runtime.Seed(9);
        return Tensor.RandomNormal(shape, ScalarType.Float64);
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(ScalarType.Float32, actual.Type);
        if (expected.Count > 0)
        {
            Assert.InRange((expected - actual.To(ScalarType.Float64)).Abs().Max().Item(), 0, 1e-5 * expected.Abs().Max().Item());
        }
    }
}
