using System.Diagnostics;
using System.Text.Json;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Training.Runs;

/// <summary>
/// The time that a run has taken over all its sessions, kept in <c>time.json</c> of its folder: beside the log, because two equal runs have
/// equal logs.
/// </summary>
/// <param name="folder">The run's folder.</param>
public sealed class RunClock(string folder)
{
    private const string Seconds = "seconds";
    private readonly double _before = Read(folder) ?? 0;
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The seconds that the run in a folder has taken; null where nothing kept them.</summary>
    /// <param name="folder">The run's folder.</param>
    public static double? Read(string folder)
    {
        try
        {
            using JsonDocument file = JsonDocument.Parse(UserFiles.ReadAllText(FileOf(folder)));
            return file.RootElement.TryGetProperty(Seconds, out JsonElement seconds) ? seconds.GetDouble() : null;
        }
        catch (Exception e) when (e is RetortException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Writes the time until now.</summary>
    public void Save()
    {
        double seconds = Math.Round(_before + Stopwatch.GetElapsedTime(_start).TotalSeconds, 1);
        AtomicFile.Write(FileOf(folder), file => file.Write(JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, double> { [Seconds] = seconds })));
    }

    private static string FileOf(string folder) => Path.Combine(folder, "time.json");
}
