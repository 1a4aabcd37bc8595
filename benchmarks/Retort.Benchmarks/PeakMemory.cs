using System.Globalization;

namespace Retort.Benchmarks;

/// <summary>The greatest resident size of this process, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>MiB at most resident since the start or the last <see cref="Reset"/>.</summary>
    public static double ReadMebibytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Starts counting anew from what is resident now.</summary>
    public static void Reset() => File.WriteAllText("/proc/self/clear_refs", "5");
}
