using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// The measured parts of scripts/gpu-check.sh: <c>device PART DEVICE SIZE</c>. Each prints rows of the benchmarks' table, or ends with an
/// exception where it cannot be done.
/// </summary>
internal static class DeviceCheck
{
    public const string Name = "device";

    private static readonly Dictionary<string, Func<Device, DeviceSize, IEnumerable<BenchmarkRow>>> s_parts = new()
    {
        ["training"] = TrainingOnDevice.Run,
        ["inference"] = NetworkOnDevice.Inference,
        ["step"] = NetworkOnDevice.Step,
        ["phases"] = StepPhases.Run,
        ["prediction"] = PredictionOnDevice.Run,
    };

    /// <summary>Runs one part.</summary>
    /// <returns>0 where its row says nothing bad, 1 where the device computes something else than the CPU, 2 where the arguments are
    /// wrong.</returns>
    public static int Run(string[] args)
    {
        if (args is not [var part, var device, var sizeName] || !s_parts.TryGetValue(part, out var run)
            || DeviceSize.Named(sizeName) is not { } size)
        {
            Console.Error.WriteLine(
                $"usage: {Name} PART DEVICE SIZE, with PART of {string.Join(", ", s_parts.Keys)}, and SIZE of full, small, tiny");
            return 2;
        }

        bool failed = false;
        Runtime.Threads = Environment.ProcessorCount;
        foreach (BenchmarkRow row in run(Device.Parse(device), size))
        {
            BenchmarkTable.Write(row);
            failed |= row.Target.StartsWith(TrainingOnDevice.Differs, StringComparison.Ordinal);
        }

        return failed ? 1 : 0;
    }
}
