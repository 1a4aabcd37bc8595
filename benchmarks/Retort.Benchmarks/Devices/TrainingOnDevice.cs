using System.Globalization;
using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Training.Running;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// Steps of training on drawn images, on the device and on the CPU from the same weights, without and with a teacher. Losses begin equal
/// but for round-off and drift apart, as any two ways of summing do: the first is compared closely, the last ones by their mean.
/// </summary>
internal static class TrainingOnDevice
{
    /// <summary>How the verdict on a wrong result begins.</summary>
    public const string Differs = "DIFFERS";

    private const int DistinctBatches = 4;
    private const int Averaged = 10;
    private const double FirstTolerance = 1e-3;
    private const double LastTolerance = 0.1;

    public static IEnumerable<BenchmarkRow> Run(Device device, DeviceSize size)
    {
        Runtime.AllowTf32 = false;
        yield return Compare("plain", device, size, distilled: false);
        yield return Compare("distilled", device, size, distilled: true);
    }

    private static BenchmarkRow Compare(string name, Device device, DeviceSize size, bool distilled)
    {
        double[] there = Losses(device, size, distilled), here = Losses(Device.Cpu, size, distilled);
        double first = Relative(there[0], here[0]), last = Relative(Tail(there), Tail(here));
        bool agrees = first <= FirstTolerance && last <= LastTolerance;
        return new BenchmarkRow(
            $"training {name}, GFL R-18, {size.Steps} steps of 2 images, {size.DrawnSide}x{size.DrawnSide}",
            $"loss {Number(there[0])} to {Number(Tail(there))} on {device}",
            $"{Number(here[0])} to {Number(Tail(here))} on cpu",
            string.Create(CultureInfo.InvariantCulture, $"first {first:0.0e0}, last {last:0.0e0}"),
            (agrees ? "agrees" : Differs)
                + string.Create(CultureInfo.InvariantCulture,
                $" (first within {FirstTolerance}, mean of the last {Averaged} within {LastTolerance})"));
    }

    private static double[] Losses(Device device, DeviceSize size, bool distilled)
    {
        using var scope = new TensorScope();
        Runtime.Seed(1);
        using DenseDetector student = BenchmarkDetectors.Build("gfl", 18), teacher = BenchmarkDetectors.Build("gfl", 18);
        student.To(device);
        teacher.To(device);
        teacher.Evaluate();
        teacher.SetRequiresGrad(false);
        using var compiled = new CompiledDetector(teacher);
        var teaching = new TeachingPair(teacher, compiled, new Distiller(
            [new DistillationTerm(), new DistillationTerm { Region = Region.ValuableLocalization }]));
        using var optimizer = new Sgd(student.NamedParameters().Select(p => p.Tensor).Where(p => p.RequiresGrad), 0.005, 0.9, 1e-4);
        student.Train();
        var step = new TrainingStep(student, distilled ? teaching : null, optimizer, gradientClip: 10, device);
        (Tensor Images, ImageTargets[] Targets)[] batches =
            [.. Enumerable.Range(0, DistinctBatches).Select(k => DrawnBatch.Draw(k, size.DrawnSide))];
        return [.. Enumerable.Range(0, size.Steps).Select(k => Loss(step, batches[k % DistinctBatches], device))];
    }

    private static double Loss(TrainingStep step, (Tensor Images, ImageTargets[] Targets) batch, Device device)
    {
        using var scope = new TensorScope();
        return step.Run(batch.Images.To(device), batch.Targets, 0.005).Total;
    }

    private static double Tail(double[] losses) => losses.TakeLast(Averaged).Average();

    // A loss that is no number agrees with nothing.
    private static double Relative(double a, double b) =>
        double.IsFinite(a - b) ? Math.Abs(a - b) / Math.Max(Math.Abs(b), 1e-6) : double.PositiveInfinity;

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
