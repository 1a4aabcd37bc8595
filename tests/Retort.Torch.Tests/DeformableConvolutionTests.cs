using System.Text.Json;
using Retort.Torch.Modules;
using Retort.Torch.Tests.Checkpoints;

namespace Retort.Torch.Tests;

public class DeformableConvolutionTests
{
    /// <summary>
    /// Channels in and out, height, width, kernel, stride, padding, dilation, groups, groups of offsets, whether modulated.
    /// </summary>
    public sealed record Case(int In, int Out, int Height, int Width, int Kernel, int Stride, int Padding, int Dilation, int Groups,
        int OffsetGroups, bool Modulated, int Images = 2)
    {
        private int Reduced(int size) => ((size + (2 * Padding) - (Dilation * (Kernel - 1)) - 1) / Stride) + 1;

        public (int Height, int Width) Output => (Reduced(Height), Reduced(Width));

        /// <summary>
        /// Input, weight, offset and (modulated) factors, float64. Offsets reach beyond the map, and no coordinate is a whole number.
        /// </summary>
        public Tensor[] Inputs()
        {
            Runtime.Seed(5);
            (int height, int width) = Output;
            int planes = OffsetGroups * Kernel * Kernel;
            Tensor offset = ((TestTensor.RandomUniform([Images, 2 * planes, height, width], ScalarType.Float64) * 6).Floor() - 3) + 0.1
                + (TestTensor.RandomUniform([Images, 2 * planes, height, width], ScalarType.Float64) * 0.8);
            Tensor[] shared = [TestTensor.RandomNormal([Images, In, Height, Width], ScalarType.Float64),
                TestTensor.RandomNormal([Out, In / Groups, Kernel, Kernel], ScalarType.Float64), offset];
            return Modulated ? [.. shared, TestTensor.RandomUniform([Images, planes, height, width], ScalarType.Float64)] : shared;
        }

        public Tensor Apply(Tensor[] inputs) =>
            DeformableConvolution.Apply(inputs[0], inputs[1], inputs[2], inputs.ElementAtOrDefault(3), Stride, Padding, Dilation, Groups,
                OffsetGroups);

        public Tensor Compose(Tensor[] inputs) =>
            DeformableConvolution.Compose(
                inputs[0], inputs[1], inputs[2], inputs.ElementAtOrDefault(3), Stride, Padding, Dilation, Groups, OffsetGroups);
    }

    public static TheoryData<Case> Cases =>
    [
        new Case(6, 4, 7, 9, 3, 1, 1, 1, 1, 1, false),
        new Case(6, 4, 7, 9, 3, 1, 1, 1, 1, 1, true),
        new Case(12, 8, 8, 7, 3, 2, 1, 1, 4, 1, true),
        new Case(12, 12, 8, 7, 3, 1, 2, 2, 6, 4, false),
        new Case(12, 12, 9, 8, 3, 2, 2, 2, 2, 6, true),
        new Case(5, 3, 6, 6, 1, 1, 0, 1, 1, 5, true),
        new Case(4, 6, 9, 7, 5, 3, 0, 1, 2, 2, true),
        new Case(72, 40, 30, 31, 3, 1, 1, 1, 1, 1, true, 4),
        new Case(6, 4, 7, 9, 3, 1, 1, 1, 2, 3, true, 0),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_operator_equals_its_composed_form_with_gradients(Case test)
    {
        using var scope = new TensorScope();
        Tensor[] inputs = test.Inputs();
        (Tensor expected, Tensor[] expectedGradients) = WithGradients(test.Compose, inputs, ScalarType.Float64);
        (Tensor result, Tensor[] gradients) = WithGradients(test.Apply, inputs, ScalarType.Float64);
        AssertClose(expected, result, 1e-12);
        (Tensor single, Tensor[] singleGradients) = WithGradients(test.Apply, inputs, ScalarType.Float32);
        AssertClose(expected, single, 2e-5);
        for (int k = 0; k < inputs.Length; k++)
        {
            AssertClose(expectedGradients[k], gradients[k], 1e-11);
            // Near the cells' edges single precision may choose another cell for the slope.
            AssertClose(expectedGradients[k], singleGradients[k], 2e-4);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(2, 2, 4, 1, true)]
    [InlineData(1, 1, 2, 2, true)]
    public void Without_offsets_it_is_a_convolution(int stride, int dilation, int groups, int offsetGroups, bool modulated)
    {
        using var scope = new TensorScope();
        Case test = new(8, 12, 11, 10, 3, stride, dilation, dilation, groups, offsetGroups, modulated);
        Tensor[] inputs = test.Inputs();
        inputs[2] = inputs[2].ZerosLike();
        Tensor factor = modulated ? TestTensor.Full(inputs[3].Shape, 0.5, ScalarType.Float64) : null!;
        Tensor result = DeformableConvolution.Apply(inputs[0], inputs[1], inputs[2], factor, stride, dilation, dilation, groups,
            offsetGroups);
        AssertClose(Functional.Conv2d(inputs[0], inputs[1], null, stride, dilation, dilation, groups) * (modulated ? 0.5 : 1), result,
            1e-12);
        (_, Tensor[] fused) = WithGradients(test.Apply, inputs, ScalarType.Float64);
        (_, Tensor[] composed) = WithGradients(test.Compose, inputs, ScalarType.Float64);
        AssertClose(composed[2], fused[2], 1e-11);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]
    [InlineData(1, 2, true)]
    public void Gradients_agree_with_finite_differences(int groups, int offsetGroups, bool modulated)
    {
        using var scope = new TensorScope();
        const double Step = 1e-6;
        Case test = new(4, 2, 5, 4, 3, 1, 1, 1, groups, offsetGroups, modulated, 1);
        Tensor[] inputs = test.Inputs();
        (_, Tensor[] gradients) = WithGradients(test.Apply, inputs, ScalarType.Float64);
        for (int k = 0; k < inputs.Length; k++)
        {
            double[] values = inputs[k].ToArray<double>(), slopes = gradients[k].ToArray<double>();
            for (int at = 0; at < values.Length; at += 7)
            {
                double Moved(double by)
                {
                    double[] moved = [.. values];
                    moved[at] += by;
                    Tensor[] changed = [.. inputs];
                    changed[k] = TestTensor.From(moved, inputs[k].Shape);
                    Tensor output = test.Apply(changed);
                    return (output * Weights(output.Shape)).Sum().Item();
                }

                Assert.Equal((Moved(Step) - Moved(-Step)) / (2 * Step), slopes[at], 1e-6);
            }
        }
    }

    [Fact]
    public void It_equals_torchvision()
    {
        using var scope = new TensorScope();
        Case[] tests = [.. Cases.Select(row => row.Data).Where(test => test.Images > 0)];
        var own = new List<Tensor>();
        var sent = new List<Tensor[]>();
        foreach (Case test in tests)
        {
            Tensor[] inputs = test.Inputs();
            (Tensor result, Tensor[] gradients) = WithGradients(test.Apply, inputs, ScalarType.Float64);
            own.AddRange([result, .. gradients]);
            sent.Add([.. inputs, Weights(result.Shape)]);
        }

        double[] reference = TorchvisionOrSkip(tests, sent);
        int at = 0;
        foreach (Tensor tensor in own)
        {
            AssertClose(TestTensor.From(reference[at..(at + (int)tensor.Count)], tensor.Shape), tensor, 1e-10);
            at += (int)tensor.Count;
        }
    }

    [Fact]
    public void Only_what_is_asked_for_gets_a_gradient()
    {
        using var scope = new TensorScope();
        Case test = new(4, 4, 6, 6, 3, 1, 1, 1, 1, 1, true);
        Tensor[] all = test.Inputs();
        (_, Tensor[] expected) = WithGradients(test.Apply, all, ScalarType.Float64);
        for (int wanted = 0; wanted < 4; wanted++)
        {
            Tensor[] leaves = [.. all.Select(t => t.Clone())];
            leaves[wanted].RequiresGrad = true;
            Tensor output = test.Apply(leaves);
            (output * Weights(output.Shape)).Sum().Backward();
            AssertClose(expected[wanted], leaves[wanted].Grad!, 1e-12);
            Assert.All(leaves.Where((_, k) => k != wanted), leaf => Assert.Null(leaf.Grad));
        }
    }

    [Fact]
    public void The_result_does_not_depend_on_the_thread_count()
    {
        int threads = Runtime.Threads;
        using var scope = new TensorScope();
        Case test = new(40, 8, 20, 20, 3, 1, 1, 1, 1, 1, true);
        Tensor[] inputs = test.Inputs();
        try
        {
            Runtime.Threads = 1;
            (_, Tensor[] one) = WithGradients(test.Apply, inputs, ScalarType.Float32);
            Runtime.Threads = 3;
            (_, Tensor[] three) = WithGradients(test.Apply, inputs, ScalarType.Float32);
            Assert.Equal(one[0].ToArray<float>(), three[0].ToArray<float>());
            Assert.Equal(one[2].ToArray<float>(), three[2].ToArray<float>());
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    [Fact]
    public void An_offset_that_is_no_number_shows_and_a_huge_one_samples_nothing()
    {
        using var scope = new TensorScope();
        Tensor input = TestTensor.Ones([1, 1, 3, 3]), weight = TestTensor.Ones([1, 1, 1, 1]);
        Tensor Shifted(float by) => DeformableConvolution.Apply(input, weight, TestTensor.Full([1, 2, 3, 3], by));
        Assert.All(Shifted(float.NaN).ToArray<float>(), v => Assert.True(float.IsNaN(v)));
        Assert.All(Shifted(1e30f).ToArray<float>(), v => Assert.Equal(0, v));
        Assert.All(Shifted(float.NegativeInfinity).ToArray<float>(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var scope = new TensorScope();
        Tensor input = TestTensor.Zeros([1, 4, 5, 5]), weight = TestTensor.Zeros([2, 4, 3, 3]), offset = TestTensor.Zeros([1, 18, 5, 5]);
        Assert.Contains("offsets", Assert.Throws<TorchException>(() => DeformableConvolution.Apply(input, weight, offset)).Message);
        Assert.Contains("channels", Assert.Throws<TorchException>(() =>
            DeformableConvolution.Apply(input, weight, offset, padding: 1, groups: 2)).Message);
        Assert.Contains("smaller", Assert.Throws<TorchException>(() =>
            DeformableConvolution.Apply(input, weight, offset, dilation: 3)).Message);
        Assert.Contains("one type", Assert.Throws<TorchException>(() =>
            DeformableConvolution.Apply(input, weight, offset.To(ScalarType.Float64), padding: 1)).Message);
    }

    [Theory]
    [InlineData(false, 18)]
    [InlineData(true, 27)]
    public void A_fresh_layer_is_an_ordinary_convolution(bool modulated, long predicted)
    {
        using var scope = new TensorScope();
        using var layer = new DeformConv2d(6, 8, 3, modulated, 2, 1, groups: 2);
        Assert.Equal(["weight [8, 3, 3, 3]", $"conv_offset.weight [{predicted}, 6, 3, 3]", $"conv_offset.bias [{predicted}]"],
            layer.NamedState().Select(s => $"{s.Name} [{string.Join(", ", s.Tensor.Shape)}]"));
        Tensor input = TestTensor.RandomNormal([2, 6, 9, 9]);
        AssertClose(Functional.Conv2d(input, layer.Weight, null, 2, 1, 1, 2) * (modulated ? 0.5 : 1), layer.Forward(input), 1e-5);
        layer.Forward(input).Sum().Backward();
        Assert.All(layer.NamedParameters(), p => Assert.NotNull(p.Tensor.Grad));
    }

    private static (Tensor Output, Tensor[] Gradients) WithGradients(Func<Tensor[], Tensor> apply, Tensor[] inputs, ScalarType type)
    {
        Tensor[] leaves = [.. inputs.Select(t => t.To(type).Clone())];
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        Tensor output = apply(leaves);
        (output * Weights(output.Shape).To(type)).Sum().Backward();
        return (output, [.. leaves.Select(leaf => leaf.Grad!)]);
    }

    private static Tensor Weights(long[] shape)
    {
        Runtime.Seed(9);
        return TestTensor.RandomNormal(shape, ScalarType.Float64);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        if (expected.Count > 0)
        {
            Assert.InRange((expected.To(ScalarType.Float64) - actual.To(ScalarType.Float64)).Abs().Max().Item(), 0,
                tolerance * Math.Max(1, expected.Abs().Max().Item()));
        }
    }

    // Result and gradients of each case, one after another.
    private static double[] TorchvisionOrSkip(Case[] tests, List<Tensor[]> sent)
    {
        const string Program = """
            import sys, json, numpy, torch
            try:
                from torchvision.ops import deform_conv2d
            except ImportError:
                print('missing'); sys.exit()
            data, at, results = torch.from_numpy(numpy.fromfile(sys.argv[1], dtype='float64')), 0, []
            for stride, padding, dilation, shapes in json.loads(sys.argv[3]):
                parts = []
                for shape in shapes:
                    size = int(numpy.prod(shape))
                    parts.append(data[at:at + size].reshape(shape))
                    at += size
                leaves = [t.clone().requires_grad_() for t in parts[:-1]]
                out = deform_conv2d(leaves[0], leaves[2], leaves[1], stride=stride, padding=padding, dilation=dilation, mask=leaves[3] if len(leaves) > 3 else None)
                (out * parts[-1]).sum().backward()
                results += [out.detach().flatten()] + [t.grad.flatten() for t in leaves]
            torch.cat(results).numpy().tofile(sys.argv[2])
            """;
        string folder = Directory.CreateTempSubdirectory("retort-deform-").FullName;
        try
        {
            (string from, string to) = (Path.Combine(folder, "in"), Path.Combine(folder, "out"));
            File.WriteAllBytes(from, [.. sent.SelectMany(tensors => tensors).SelectMany(t => t.ToArray<double>())
                .SelectMany(BitConverter.GetBytes)]);
            string cases = JsonSerializer.Serialize(tests.Select((t, k) =>
                new object[] { t.Stride, t.Padding, t.Dilation, sent[k].Select(tensor => tensor.Shape) }));
            string said = PythonTorch.RunOrSkip(Program, from, to, cases);
            Assert.SkipWhen(said.Contains("missing"), "needs torchvision beside PyTorch");
            byte[] bytes = File.ReadAllBytes(to);
            return [.. Enumerable.Range(0, bytes.Length / 8).Select(k => BitConverter.ToDouble(bytes, k * 8))];
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
