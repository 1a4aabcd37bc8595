using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Forward passes against plain eager PyTorch (benchmarks/peer/inference.py).</summary>
internal static class InferenceBenchmark
{
    public const string Name = "inference";

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare("gfl", 18, 320, 320, 20);
        yield return Compare("gfl", 18, 800, 1344, 7);
        yield return Compare("gfl", 50, 320, 320, 20);
        yield return Compare("gfl", 50, 800, 1344, 7);
    }

    /// <summary>One image through a detector of 80 classes on the CPU.</summary>
    public static BenchmarkRow Compare(string detector, int depth, int height, int width, int turns)
    {
        using DenseDetector network = BenchmarkDetectors.Build(detector, depth);
        network.Evaluate();
        using var compiled = new CompiledDetector(network);
        using Tensor images = Tensor.RandomNormal([1, 3, height, width]);
        Runtime.Threads = PairedRuns.Threads;
        using PythonPeer? peer = Peer(detector, depth, height, width, 1, PairedRuns.Threads, Device.Cpu);
        return new PairedRuns($"{Name} {detector} R-{depth} {height}x{width}", turns, "0.8").Compare(Forward, peer);

        void Forward()
        {
            using var noGrad = new NoGradScope();
            compiled.Forward(images);
        }
    }

    /// <summary>The same network in PyTorch, where Python has it.</summary>
    public static PythonPeer? Peer(string detector, int depth, int height, int width, int batch, int threads, Device device) =>
        PythonPeer.Start("inference.py", "torch", detector, depth, height, width, batch, threads, device, Runtime.AllowTf32 ? 1 : 0);
}
