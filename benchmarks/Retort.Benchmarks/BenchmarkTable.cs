namespace Retort.Benchmarks;

/// <summary>A line of the table. All columns but the name are text with units, because a baseline may be missing.</summary>
internal sealed record BenchmarkRow(string Name, string Ours, string Baseline, string Ratio, string Target);

/// <summary>The table that all benchmarks print to, in Markdown so that it can go into the docs as it is.</summary>
internal static class BenchmarkTable
{
    public static void WriteHeader()
    {
        Write(new BenchmarkRow("name", "ours", "baseline", "ratio", "target"));
        Console.WriteLine("|---|---|---|---|---|");
    }

    public static void Write(BenchmarkRow row) =>
        Console.WriteLine($"| {row.Name} | {row.Ours} | {row.Baseline} | {row.Ratio} | {row.Target} |");
}
