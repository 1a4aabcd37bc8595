using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Modulated deformable convolution, 3x3, of one image of a backbone's stage, against torchvision (benchmarks/peer/deform_conv.py).</summary>
internal static class DeformableConvolutionBenchmark
{
    public const string Name = "deform";

    private const int Runs = 5;

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
        double forward = Median(() =>
        {
            using var noGrad = new NoGradScope();
            Apply(leaves);
        });
        foreach (Tensor leaf in leaves)
        {
            leaf.RequiresGrad = true;
        }

        double step = Median(() => Apply(leaves).Sum().Backward());
        string[] arguments = [.. new[] { channels, height, width, Runs, Runtime.Threads }.Select(n => n.ToString(CultureInfo.InvariantCulture))];
        JsonElement? peer = PythonPeer.Run("deform_conv.py", "torchvision", arguments);
        yield return Row($"{Name} {channels} channels {height}x{width}, forward", forward, peer?.GetProperty("forward").GetDouble());
        yield return Row($"{Name} {channels} channels {height}x{width}, with backward", step, peer?.GetProperty("step").GetDouble());
    }

    private static Tensor Apply(Tensor[] leaves) => DeformableConvolution.Apply(leaves[0], leaves[1], leaves[2], leaves[3], padding: 1);

    private static double Median(Action action)
    {
        double[] seconds = new double[Runs + 1];
        for (int k = 0; k < seconds.Length; k++)
        {
            using var scope = new TensorScope();
            long start = Stopwatch.GetTimestamp();
            action();
            seconds[k] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return seconds[1..].Order().ElementAt(Runs / 2);
    }

    private static BenchmarkRow Row(string name, double ours, double? theirs) => theirs is { } peer
        ? new BenchmarkRow(name, Milliseconds(ours), $"{Milliseconds(peer)} (torchvision)", (ours / peer).ToString("0.00", CultureInfo.InvariantCulture), "1.00")
        : new BenchmarkRow(name, Milliseconds(ours), "needs python3 with torchvision", "", "1.00");

    private static string Milliseconds(double seconds) => (seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
