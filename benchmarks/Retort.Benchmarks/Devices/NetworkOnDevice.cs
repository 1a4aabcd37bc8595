using System.Globalization;
using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// Inference and a step of distillation on a device, in float32 and with TF32, against plain eager PyTorch on the same device.
/// </summary>
internal static class NetworkOnDevice
{
    public static IEnumerable<BenchmarkRow> Inference(Device device, DeviceSize size) =>
        Precisions(device).SelectMany(p => size.Batches.Select(batch =>
    {
        Runtime.AllowTf32 = p.Tf32;
        using DenseDetector network = BenchmarkDetectors.Build("gfl", size.Teacher);
        network.To(device);
        network.Evaluate();
        using var compiled = new CompiledDetector(network);
        using Tensor images = Images(batch, size, device);
        string name = $"inference gfl R-{size.Teacher}, batch {batch}, {size.Height}x{size.Width}, {p.Name}";
        return Compare(name, device, size, Forward, () => InferenceBenchmark.Peer(
            "gfl", size.Teacher, size.Height, size.Width, batch, Runtime.Threads, device));

        void Forward()
        {
            using var noGrad = new NoGradScope();
            compiled.Forward(images);
        }
    }));

    public static IEnumerable<BenchmarkRow> Step(Device device, DeviceSize size) =>
        Precisions(device).SelectMany(p => size.Batches.Select(batch =>
    {
        Runtime.AllowTf32 = p.Tf32;
        var what = new StepSize("gfl", size.Student, size.Teacher, size.Height, size.Width, batch, device);
        using var step = new DistillationStep(what);
        return Compare($"step {what}, {p.Name}", device, size, () => step.Run(),
            () => DistillationStepBenchmark.Peer(what, Runtime.Threads));
    }));

    private static IEnumerable<(bool Tf32, string Name)> Precisions(Device device) =>
        device.Type == DeviceType.Cpu ? [(false, "float32")] : [(false, "float32"), (true, "TF32")];

    private static Tensor Images(int batch, DeviceSize size, Device device)
    {
        using Tensor made = Tensor.RandomNormal([batch, 3, size.Height, size.Width]);
        return made.To(device);
    }

    // Memory is what a process adds to the device's use in its first runs; of the peer what its allocator has reserved.
    private static BenchmarkRow Compare(string name, Device device, DeviceSize size, Action action, Func<PythonPeer?> startPeer)
    {
        CudaRuntime? cuda = CudaRuntime.For(device);
        Action run = cuda is null ? action : () =>
        {
            action();
            cuda.Synchronize();
        };
        string memory = "";
        if (cuda is not null)
        {
            double before = cuda.FreeMegabytes();
            Timing.MedianSeconds(run, 2);
            memory = string.Create(CultureInfo.InvariantCulture, $", {before - cuda.FreeMegabytes():0} MB more than before");
        }

        using PythonPeer? peer = startPeer();
        BenchmarkRow row = new PairedRuns(name, size.Turns, "1.0").Compare(run, peer);
        return row with
        {
            Ours = row.Ours + memory,
            Baseline = row.Baseline + (cuda is null || peer is null ? ""
                : string.Create(CultureInfo.InvariantCulture, $", {peer.Read("memory"):0} MB reserved")),
        };
    }
}
