using System.Diagnostics;
using System.Globalization;
using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// Where the time of a distillation step goes: for each phase how long the host took to queue it, and how long the device worked between
/// the events before and after it (which includes its waits for the host); and how long the host waited at the end.
/// </summary>
internal static class StepPhases
{
    public static IEnumerable<BenchmarkRow> Run(Device device, DeviceSize size)
    {
        Runtime.AllowTf32 = true;
        CudaRuntime? cuda = CudaRuntime.For(device);
        foreach (int batch in size.Batches)
        {
            var what = new StepSize("gfl", size.Student, size.Teacher, size.Height, size.Width, batch, device);
            using var step = new DistillationStep(what);
            var steps = new List<Measurement>();
            for (int turn = -2; turn < size.Turns; turn++)
            {
                Measurement measured = Measure(step, cuda);
                if (turn >= 0)
                {
                    steps.Add(measured);
                }
            }

            foreach (BenchmarkRow row in Rows(what, steps))
            {
                yield return row;
            }
        }
    }

    private static Measurement Measure(DistillationStep step, CudaRuntime? cuda)
    {
        using var scope = new TensorScope();
        var phases = new List<(string Name, double Host, nint Event)>();
        cuda?.Synchronize();
        nint first = cuda?.Record() ?? 0;
        long begin = Stopwatch.GetTimestamp(), at = begin;
        step.Run(name =>
        {
            phases.Add((name, Stopwatch.GetElapsedTime(at).TotalMilliseconds, cuda?.Record() ?? 0));
            at = Stopwatch.GetTimestamp();
        });
        cuda?.Synchronize();
        double waited = Stopwatch.GetElapsedTime(at).TotalMilliseconds, total = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        nint[] events = [first, .. phases.Select(p => p.Event)];
        double?[] onDevice = [.. phases.Select((_, k) => cuda?.Milliseconds(events[k], events[k + 1]))];
        return new Measurement([.. phases.Select((p, k) => (p.Name, p.Host, onDevice[k]))], waited, total);
    }

    private static IEnumerable<BenchmarkRow> Rows(StepSize what, List<Measurement> steps)
    {
        for (int k = 0; k < steps[0].Phases.Count; k++)
        {
            int phase = k;
            double? onDevice = steps[0].Phases[k].Device is null ? null : Timing.Median(steps.Select(s => s.Phases[phase].Device!.Value));
            yield return new BenchmarkRow(
                $"phase {steps[0].Phases[k].Name}, {what}", $"host {Text(Timing.Median(steps.Select(s => s.Phases[phase].Host)))}",
                onDevice is { } known ? $"device {Text(known)}" : "no device", "", "");
        }

        yield return new BenchmarkRow(
            $"phase waiting, {what}", $"host {Text(Timing.Median(steps.Select(s => s.Waited)))}",
                $"whole step {Text(Timing.Median(steps.Select(s => s.Total)))}", "", "");
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture);

    private sealed record Measurement(IReadOnlyList<(string Name, double Host, double? Device)> Phases, double Waited, double Total);
}
