using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Label assignment of a batch, with the tensors that the losses take, against matrices in eager PyTorch (benchmarks/peer/assign.py).
/// </summary>
internal static class AssignmentBenchmark
{
    public const string Name = "assignment";

    private const int Height = 800;
    private const int Width = 1344;
    private const int Batch = 2;
    private const int ObjectsPerImage = 15;

    public static IEnumerable<BenchmarkRow> Run() => new[] { "atss", "fcos", "retina" }.Select(Compare);

    private static BenchmarkRow Compare(string detector)
    {
        using DenseDetector network = BenchmarkDetectors.Build(detector, 18);
        ImageTargets[] targets = [.. Enumerable.Range(0, Batch).Select(k => BenchmarkTargets.Draw(k, Height, Width, ObjectsPerImage))];
        (int, int)[] levels = [.. Enumerable.Range(3, 5).Select(k => ((Height + (1 << k) - 1) >> k, (Width + (1 << k) - 1) >> k))];
        Runtime.Threads = PairedRuns.Threads;
        using PythonPeer? peer = PythonPeer.Start("assign.py", "torch", detector, Height, Width, Batch, ObjectsPerImage,
            PairedRuns.Threads);
        return new PairedRuns($"{Name} of {detector}, batch {Batch}, {Height}x{Width}", 15, "0.5").Compare(Assign, peer);

        void Assign() => network.Assigner.Assign(levels, targets, Device.Cpu);
    }
}
