namespace Retort.Benchmarks;

/// <summary>Inference and distillation steps of the detectors beside GFL, at one small size.</summary>
internal static class DetectorsBenchmark
{
    public const string Name = "detectors";

    private static readonly string[] s_detectors = ["gflv2", "atss", "fcos", "retina"];

    public static IEnumerable<BenchmarkRow> Run()
    {
        foreach (string detector in s_detectors)
        {
            yield return InferenceBenchmark.Compare(detector, 50, 320, 320, 20);
            yield return DistillationStepBenchmark.Compare(detector, 320, 320, 2, 9);
        }
    }
}
