using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>A 3x3 convolution of a head, result and all gradients, against libtorch's in the same process.</summary>
internal static class TrainingConvolutionBenchmark
{
    public const string Name = "training-convolution";

    private const int Channels = 256;
    private const int Batch = 2;

    private static readonly TorchOperator s_libtorch = new("aten::conv2d");

    public static IEnumerable<BenchmarkRow> Run() => [Compare(100, 168, 9, 1), Compare(40, 40, 15, 3), Compare(20, 20, 15, 9)];

    private static BenchmarkRow Compare(int height, int width, int turns, int runs)
    {
        using var scope = new TensorScope();
        Runtime.Seed(0);
        Runtime.Threads = PairedRuns.Threads;
        Tensor input = Tensor.RandomNormal([Batch, Channels, height, width]), weight =
            Tensor.RandomNormal([Channels, Channels, 3, 3]) * 0.03;
        Tensor gradient = Tensor.RandomNormal([Batch, Channels, height, width]);
        (input.RequiresGrad, weight.RequiresGrad) = (true, true);
        long[] one = [1, 1];
        var row = new PairedRuns($"{Name} {Channels} channels {height}x{width}, batch {Batch}, with backward", turns,
            "0.5")
        { RunsOfATurn = runs, PeerName = "libtorch" };
        return row.Compare(() => Step(WinogradConvolution.Apply(input, weight)),
            () => Step(s_libtorch.Call(input, weight, Argument.None, one, one, one, 1)));

        void Step(Tensor output) => Tensor.Gradients(output, [input, weight], gradient);
    }
}
