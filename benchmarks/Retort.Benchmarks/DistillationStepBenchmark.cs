using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>
/// Training steps of localization distillation against plain eager PyTorch (benchmarks/peer/ld_step.py), which is given the label
/// assignment that ours computes.
/// </summary>
internal static class DistillationStepBenchmark
{
    public const string Name = "distillation-step";

    private const int Positives = 100;
    private const int ValuablePriors = 300;

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare("gfl", 320, 320, 2, 9);
        yield return Compare("gfl", 800, 1344, 1, 5);
    }

    /// <summary>One step of a student R-18 and a teacher R-50 of the same kind of detector on the CPU.</summary>
    public static BenchmarkRow Compare(string detector, int height, int width, int batch, int turns)
    {
        var size = new StepSize(detector, 18, 50, height, width, batch, Device.Cpu);
        Runtime.Threads = PairedRuns.Threads;
        using var step = new DistillationStep(size);
        using PythonPeer? peer = Peer(size, PairedRuns.Threads);
        return new PairedRuns($"{Name} {size}", turns, "0.85").Compare(() => step.Run(), peer);
    }

    /// <summary>The same step in PyTorch, where Python has it.</summary>
    public static PythonPeer? Peer(StepSize size, int threads) => PythonPeer.Start(
        "ld_step.py", "torch", size.Detector, size.Height, size.Width, size.Batch, Positives, ValuablePriors, threads, size.Student,
            size.Teacher, size.Device,
        Runtime.AllowTf32 ? 1 : 0);
}
