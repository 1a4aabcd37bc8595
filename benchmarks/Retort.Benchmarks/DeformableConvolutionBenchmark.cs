using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Modulated deformable convolution, 3x3, of one image of a backbone's stage, against torchvision (benchmarks/peer/deform_conv.py).
/// </summary>
internal static class DeformableConvolutionBenchmark
{
    public const string Name = "deform";

    private const int Turns = 9;

    public static IEnumerable<BenchmarkRow> Run() => [.. Compare(128, 64, 84), .. Compare(256, 32, 42)];

    private static IEnumerable<BenchmarkRow> Compare(int channels, int height, int width)
    {
        using var scope = new TensorScope();
        Runtime.Seed(0);
        Tensor[] leaves =
        [
            Tensor.RandomNormal([1, channels, height, width]), Tensor.RandomNormal([channels, channels, 3, 3]),
            Tensor.RandomNormal([1, 18, height, width]), Tensor.RandomUniform([1, 9, height, width]),
        ];
        string name = $"{Name} {channels} channels {height}x{width}";
        Runtime.Threads = PairedRuns.Threads;
        using PythonPeer? peer = PythonPeer.Start("deform_conv.py", "torchvision", channels, height, width, PairedRuns.Threads);
        yield return Row($"{name}, forward", 0).Compare(() =>
        {
            using var noGrad = new NoGradScope();
            Apply(leaves);
        }, peer);
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        yield return Row($"{name}, with backward", 1).Compare(() => Apply(leaves).Sum().Backward(), peer);
    }

    private static PairedRuns Row(string name, int action) => new(name, Turns, "1") { PeerName = "torchvision", PeerAction = action };

    private static Tensor Apply(Tensor[] leaves) => DeformableConvolution.Apply(leaves[0], leaves[1], leaves[2], leaves[3], padding: 1);
}
