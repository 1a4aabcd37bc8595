using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Forward passes of GFL on the processor against plain eager PyTorch (benchmarks/peer/gfl_inference.py).</summary>
internal static class InferenceBenchmark
{
    public const string Name = "inference";

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare(18, 320, 320, 10);
        yield return Compare(18, 800, 1344, 3);
        yield return Compare(50, 320, 320, 10);
        yield return Compare(50, 800, 1344, 3);
    }

    private static BenchmarkRow Compare(int depth, int height, int width, int runs)
    {
        using DenseDetector detector = BenchmarkDetectors.Gfl(depth);
        detector.Evaluate();
        using var compiled = new CompiledDetector(detector);
        using Tensor images = Tensor.RandomNormal([1, 3, height, width]);
        return PairedRuns.Compare($"{Name} GFL-R{depth} {height}x{width}", Forward, runs, "0.8", "gfl_inference.py", depth, height, width);

        void Forward()
        {
            using var noGrad = new NoGradScope();
            compiled.Forward(images);
        }
    }
}
