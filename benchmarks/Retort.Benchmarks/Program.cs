using System.Globalization;
using Retort.Benchmarks;
using Retort.Benchmarks.Devices;

if (args is [ThreadWaitingWorkload.Argument, var inferenceSeconds, var trainingSeconds])
{
    return ThreadWaitingWorkload.Run(
        double.Parse(inferenceSeconds, CultureInfo.InvariantCulture), double.Parse(trainingSeconds, CultureInfo.InvariantCulture));
}

// Runs the benchmarks one after another and prints one table: dotnet run -c Release --project benchmarks/Retort.Benchmarks [-- --only NAME
// ...]
(string Name, Func<IEnumerable<BenchmarkRow>> Run)[] benchmarks =
[
    (AssignmentBenchmark.Name, AssignmentBenchmark.Run),
    (CocoEvaluationBenchmark.Name, CocoEvaluationBenchmark.Run),
    (DataLoaderBenchmark.Name, DataLoaderBenchmark.Run),
    (DeformableConvolutionBenchmark.Name, DeformableConvolutionBenchmark.Run),
    (DetectorsBenchmark.Name, DetectorsBenchmark.Run),
    (DistillationStepBenchmark.Name, DistillationStepBenchmark.Run),
    (DotaEvaluationBenchmark.Name, DotaEvaluationBenchmark.Run),
    (InferenceBenchmark.Name, InferenceBenchmark.Run),
    (ResidentMemoryBenchmark.Name, ResidentMemoryBenchmark.Run),
    (ResizeBenchmark.Name, ResizeBenchmark.Run),
    (RotatedSuppressionBenchmark.Name, RotatedSuppressionBenchmark.Run),
    (SplitBenchmark.Name, SplitBenchmark.Run),
    (SuppressionBenchmark.Name, SuppressionBenchmark.Run),
    (ThreadWaitingBenchmark.Name, ThreadWaitingBenchmark.Run),
    (ThreadWaitingBenchmark.CountsName, ThreadWaitingBenchmark.RunCounts),
    (TrainingConvolutionBenchmark.Name, TrainingConvolutionBenchmark.Run),
];

if (args is [DeviceCheck.Name, .. var rest])
{
    return DeviceCheck.Run(rest);
}

string[] only = args is ["--only", .. var names] ? names : [];
if (args.Length > 0 && (only.Length == 0 || only.Any(name => !benchmarks.Any(b => b.Name == name))))
{
    Console.Error.WriteLine($"usage: [--only NAME ...], with NAME of {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

BenchmarkTable.WriteHeader();
foreach ((string _, Func<IEnumerable<BenchmarkRow>> run) in benchmarks.Where(b => only.Length == 0 || only.Contains(b.Name)))
{
    foreach (BenchmarkRow row in run())
    {
        BenchmarkTable.Write(row);
    }
}

return 0;
