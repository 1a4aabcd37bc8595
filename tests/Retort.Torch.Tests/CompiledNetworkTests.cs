using Retort.Torch.Compilation;
using Retort.Torch.Modules;

namespace Retort.Torch.Tests;

[Trait("Device", TestDevice.CpuOnly)]
public class CompiledNetworkTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void A_residual_network_with_pyramid_and_head_gives_what_it_gave(int lanes)
    {
        using var scope = new TensorScope();
        using var net = new SmallNetwork();
        using var compiled = new CompiledNetwork(net.Forward, lanes);
        using var noGrad = new NoGradScope();
        foreach (long[] shape in new[] { new long[] { 1, 3, 64, 64 }, [2, 3, 70, 91], [3, 3, 33, 50] })
        {
            Tensor images = Tensor.RandomNormal(shape);

            // The first call of a shape must give the same bits as the later ones: a resumed run makes first calls where the other made
            // later ones.
            Assert.Equal(Values(compiled.Forward(images)), Values(compiled.Forward(images)));
            images = Tensor.RandomNormal(shape);
            AssertSame(net.Forward(images), compiled.Forward(images));
        }

        Assert.Null(compiled.Refusal);
        Assert.Equal(3, compiled.CompiledShapes);
    }

    [Fact]
    public void Operators_that_the_engine_does_not_know_run_between_its_steps()
    {
        using var scope = new TensorScope();
        using var first = new Conv2d(4, 40, 3, padding: 1);
        using var second = new Conv2d(40, 36, 3, padding: 1);
        Tensor[] Network(Tensor x)
        {
            Tensor hidden = first.Forward(x).Sigmoid();
            Tensor view = hidden.Reshape(x.Size(0), 40, -1);
            Tensor map = second.Forward(hidden + hidden.Softmax(1)).ReluInPlace();
            return [map, view.Amax([2]), map.TopK(3, 1).Values, x];
        }

        using var compiled = new CompiledNetwork(Network);
        using var noGrad = new NoGradScope();
        compiled.Forward(Tensor.RandomNormal([1, 4, 20, 30]));
        Tensor input = Tensor.RandomNormal([1, 4, 20, 30]);
        AssertSame(Network(input), compiled.Forward(input));
        Assert.Equal(1, compiled.CompiledShapes);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    public void Grouped_convolutions_give_what_they_gave(int lanes)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        foreach ((int channels, int groups, int outputs, int stride)
            in new[] { (128, 32, 128, 1), (40, 10, 40, 2), (96, 3, 96, 1), (128, 2, 128, 2), (24, 24, 24, 1), (36, 6, 36, 1),
            (32, 4, 64, 1), (8, 8, 8, 2) })
        {
            using var first = new Conv2d(5, channels, 3, padding: 1);
            using var grouped = new Conv2d(channels, outputs, 3, stride, 2, 2, groups);
            Tensor[] Network(Tensor x) => [grouped.Forward(first.Forward(x).ReluInPlace()).ReluInPlace()];
            using var compiled = new CompiledNetwork(Network, lanes);
            Tensor images = Tensor.RandomNormal([2, 5, 19, 23]);
            AssertSame(Network(images), compiled.Forward(images));
            Assert.Null(compiled.Refusal);
        }
    }

    [Fact]
    public void The_result_does_not_depend_on_the_thread_count()
    {
        int threads = Runtime.Threads;
        using var scope = new TensorScope();
        using var net = new SmallNetwork();
        using var compiled = new CompiledNetwork(net.Forward);
        using var noGrad = new NoGradScope();
        Tensor images = Tensor.RandomNormal([1, 3, 100, 120]);
        compiled.Forward(images);
        try
        {
            Runtime.Threads = 1;
            float[] one = compiled.Forward(images)[0].ToArray<float>();
            Runtime.Threads = 3;
            Assert.Equal(one, compiled.Forward(images)[0].ToArray<float>());
        }
        finally
        {
            Runtime.Threads = threads;
        }
    }

    [Fact]
    public void Changed_parameters_are_noticed()
    {
        using var scope = new TensorScope();
        using var net = new SmallNetwork();
        using var compiled = new CompiledNetwork(net.Forward);
        using var noGrad = new NoGradScope();
        Tensor images = Tensor.RandomNormal([1, 3, 64, 64]);
        compiled.Forward(images);
        compiled.Forward(images);
        foreach ((_, Tensor parameter) in net.NamedParameters())
        {
            parameter.Detach().MulInPlace(0.5);
        }

        IReadOnlyList<Tensor> expected = net.Forward(images);
        AssertSame(expected, compiled.Forward(images));
        AssertSame(expected, compiled.Forward(images));
        net.To(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, compiled.Forward(images.To(ScalarType.Float64))[0].Type);
    }

    [Fact]
    public void Networks_that_read_values_or_write_to_others_are_left_alone()
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor images = Tensor.RandomNormal([1, 3, 8, 8]), other = Tensor.Zeros([1]);
        using var reads = new CompiledNetwork(x => [x * x.Sum().Item()]);
        reads.Forward(images);
        Assert.Contains("host", reads.Refusal);
        using var writes = new CompiledNetwork(x => [x + other.AddInPlace(1)]);
        writes.Forward(images);
        Assert.Contains("did not make", writes.Refusal);
        writes.Forward(images);
        Assert.Equal(2, other.Item());
    }

    [Fact]
    public void Gradients_go_through_the_network_itself()
    {
        using var scope = new TensorScope();
        using var net = new SmallNetwork();
        using var compiled = new CompiledNetwork(net.Forward);
        compiled.Forward(Tensor.RandomNormal([1, 3, 64, 64]))[0].Sum().Backward();
        Assert.NotNull(net.NamedParameters().First().Tensor.Grad);
        Assert.Equal(0, compiled.CompiledShapes);
    }

    [Fact]
    public void Everything_is_freed()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        using (new NoGradScope())
        using (var net = new SmallNetwork())
        using (var compiled = new CompiledNetwork(net.Forward))
        {
            Tensor images = Tensor.RandomNormal([1, 3, 64, 64]);
            compiled.Forward(images);
            compiled.Forward(images);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static float[][] Values(IReadOnlyList<Tensor> maps) => [.. maps.Select(map => map.ToArray<float>())];

    private static void AssertSame(IReadOnlyList<Tensor> expected, IReadOnlyList<Tensor> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int k = 0; k < expected.Count; k++)
        {
            Assert.Equal(expected[k].Shape, actual[k].Shape);
            double largest = expected[k].Abs().Max().Item();
            Assert.InRange((expected[k] - actual[k]).Abs().Max().Item(), 0, 3e-5 * largest);
        }
    }

    /// <summary>
    /// All that detectors are made of, small: stem, pool, residual blocks, top-down path, towers with a shared norm, scales.
    /// </summary>
    private sealed class SmallNetwork : Module
    {
        private readonly Conv2d _stem, _conv1, _conv2, _down, _short, _lateral, _top, _tower, _last, _dilated;
        private readonly BatchNorm2d _norm1, _norm2, _norm3;
        private readonly GroupNorm _group;
        private readonly Tensor _scale;

        public SmallNetwork()
        {
            _stem = Register("stem", new Conv2d(3, 24, 7, 2, 3, bias: false));
            _norm1 = Register("norm1", new BatchNorm2d(24));
            _conv1 = Register("conv1", new Conv2d(24, 40, 3, 1, 1, bias: false));
            _norm2 = Register("norm2", new BatchNorm2d(40));
            _conv2 = Register("conv2", new Conv2d(40, 40, 3, 1, 1));
            _short = Register("short", new Conv2d(24, 40, 1, bias: false));
            _norm3 = Register("norm3", new BatchNorm2d(40));
            _down = Register("down", new Conv2d(40, 48, 3, 2, 1));
            _lateral = Register("lateral", new Conv2d(40, 32, 1));
            _top = Register("top", new Conv2d(48, 32, 1));
            _tower = Register("tower", new Conv2d(32, 32, 3, 1, 1, bias: false));
            _group = Register("group", new GroupNorm(8, 32));
            _dilated = Register("dilated", new Conv2d(32, 32, 3, 1, 2, 2));
            _last = Register("last", new Conv2d(32, 17, 3, 1, 1));
            _scale = RegisterParameter("scale", Tensor.Full([], 1.5));
            Runtime.Seed(3);
            foreach ((string name, Tensor tensor) in NamedState().Where(s => s.Tensor.Dim == 1))
            {
                using var noGrad = new NoGradScope();
                tensor.Detach().UniformInPlace(0.5, 1.5);
            }

            Evaluate();
        }

        public Tensor[] Forward(Tensor images)
        {
            Tensor map = Functional.MaxPool2d(_norm1.Forward(_stem.Forward(images)).ReluInPlace(), 3, 2, 1);
            Tensor shortcut = _norm3.Forward(_short.Forward(map));
            map = _conv2.Forward(_norm2.Forward(_conv1.Forward(map)).Relu()).AddInPlace(shortcut).ReluInPlace();
            Tensor down = _down.Forward(map);
            Tensor top = _top.Forward(down);
            Tensor fine = _lateral.Forward(map) + Functional.UpsampleNearest(top, map.Size(2), map.Size(3));
            return [Head(fine), Head(top), fine, down.Relu() + down, _dilated.Forward(fine)];
        }

        private Tensor Head(Tensor map)
        {
            Tensor hidden = map;
            for (int k = 0; k < 3; k++)
            {
                hidden = _group.Forward(_tower.Forward(hidden)).ReluInPlace();
            }

            return _last.Forward(hidden) * _scale;
        }
    }
}
