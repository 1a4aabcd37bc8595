using System.Text.Json;
using Retort.Core;
using Retort.Evaluation.Coco;
using Retort.Evaluation.Voc;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Studies;

/// <summary>One training run of a study.</summary>
/// <param name="RowName">The row that it belongs to.</param>
/// <param name="TeacherName">The row that must be complete before it.</param>
/// <param name="Recipe">The whole recipe; its name and output lead to the run's folder.</param>
public sealed record StudyRun(string RowName, string? TeacherName, Recipe Recipe)
{
    // The numbers of an evaluation under which a log may have them, whatever the protocol.
    private static readonly HashSet<string> s_metrics = [.. CocoSummary.Names, .. VocSummary.Names];

    /// <summary>Where it is, or will be.</summary>
    public RunFolder Folder => RunFolder.For(Recipe);

    /// <summary>The checkpoint to teach others with: the best one, or the last where nothing is measured.</summary>
    public string TrainedWeights =>
        Recipe is { Data.Val: not null, Evaluation.Interval: > 0 } ? Folder.BestCheckpoint : Folder.LastCheckpoint;

    /// <summary>How far it has come, as its folder says.</summary>
    /// <exception cref="RetortException">A file in the folder is damaged.</exception>
    public StudyRunResult Result()
    {
        int epochs = Folder.CanResume ? TrainingCheckpoint.ReadState(Folder.LastCheckpoint).Epoch : 0;
        JsonElement? measured = File.Exists(Folder.LogFile)
            ? JsonLinesLog.Read(Folder.LogFile).Where(IsMeasurement).Select(line => (JsonElement?)line).LastOrDefault()
            : null;
        return new StudyRunResult(epochs, Recipe.Schedule.Epochs, RunClock.Read(Folder.Path), measured is { } line ? Metrics(line)
            : new Dictionary<string, double>());
    }

    private static bool IsMeasurement(JsonElement line) =>
        line.TryGetProperty("kind", out JsonElement kind) && kind.ValueEquals(TrainingRun.EvaluationLine);

    // The reference's -1 says that there was nothing to measure.
    private static Dictionary<string, double> Metrics(JsonElement line) => line.EnumerateObject()
        .Where(value => s_metrics.Contains(value.Name) && value.Value.ValueKind == JsonValueKind.Number && value.Value.GetDouble() >= 0)
        .ToDictionary(value => value.Name, value => value.Value.GetDouble());
}

/// <summary>What a run of a study has given so far.</summary>
/// <param name="Epochs">Epochs that are done.</param>
/// <param name="OfEpochs">Epochs of the schedule.</param>
/// <param name="Seconds">The time that it took; null where nothing kept it.</param>
/// <param name="Metrics">The last measurement, 0 to 1 by the names in the log; empty where nothing was measured yet.</param>
public sealed record StudyRunResult(int Epochs, int OfEpochs, double? Seconds, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Whether the schedule is complete.</summary>
    public bool IsComplete => Epochs >= OfEpochs;
}
