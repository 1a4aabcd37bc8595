using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Retort.Testing;
using Retort.Vision.Splitting;

namespace Retort.Benchmarks;

/// <summary>A picture of 20,000 x 20,000 pixels (1.2 GB) is split into windows: it must never be in memory as a whole.</summary>
internal static class SplitBenchmark
{
    public const string Name = "image-split";

    private const int Side = 20_000;
    private const int Objects = 40;

    public static IEnumerable<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("retort-bench-").FullName;
        try
        {
            Write(folder);
            PeakMemory.Reset();
            var watch = Stopwatch.StartNew();
            SplitSummary summary = DatasetSplitter.Run(
                Path.Combine(folder, "images"), Path.Combine(folder, "labelTxt"), Path.Combine(folder, "out"),
                    new SplitOptions { SkipEmpty = true });
            string name = string.Create(CultureInfo.InvariantCulture, $"{Name}, {Side:N0} x {Side:N0} PNG, {summary.Written} windows");
            yield return new BenchmarkRow(
                $"{name}: time", string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0.0} s"), "", "", "");
            yield return new BenchmarkRow(
                $"{name}: peak resident memory", string.Create(CultureInfo.InvariantCulture, $"{PeakMemory.ReadMebibytes():0} MiB"), "", "",
                "3 GB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "labelTxt"));
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        var random = new Random(3);
        IEnumerable<string> lines = Enumerable.Range(0, Objects).Select(_ => (X: random.Next(Side - 50), Y: random.Next(Side - 50)))
            .Select(p => $"{p.X} {p.Y} {p.X + 40} {p.Y} {p.X + 40} {p.Y + 20} {p.X} {p.Y + 20} ship 0");
        File.WriteAllLines(Path.Combine(folder, "labelTxt", "large.txt"), lines);
        LargePng.Write(Path.Combine(folder, "images", "large.png"), Side, CompressionLevel.NoCompression,
            row => random.NextBytes(row[..300]));
    }
}
