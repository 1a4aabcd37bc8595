using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Training.Running;
using Retort.Training.Runs;
using Retort.Training.Studies;

namespace Retort.Cli.Training;

/// <summary>
/// Runs what is left of some rows of a study, in order. A run that fails does not keep the others from running, only those that it would
/// have taught.
/// </summary>
internal sealed class StudyExecution(Terminal terminal, Study study, IReadOnlyList<StudyRow> rows)
{
    private readonly IReadOnlyList<StudyRun> _runs = Study.RunsOf(rows);
    private readonly List<string> _failures = [];

    /// <summary>Runs to the end, or until a person stops it, and returns the exit code.</summary>
    public int Run(bool allowChanges)
    {
        CheckChanges(allowChanges);
        CheckTeachers();
        using RunLock ours = RunLock.Take(study.Folder);
        using var stop = new StopSignals();
        for (int k = 0; k < _runs.Count; k++)
        {
            StudyRun run = _runs[k];
            if (run.Result().IsComplete)
            {
                continue;
            }

            terminal.Progress.Say($"--- {run.Recipe.Name}: run {k + 1} of {_runs.Count}{Estimate(k)}");
            if (stop.Token.IsCancellationRequested || !TryRun(run, allowChanges, stop.Token))
            {
                terminal.Progress.Say("the study was stopped; the same command continues it");
                return ExitCode.Interrupted;
            }

            new StudyTable(StudyResults.Read(study)).Save();
        }

        _failures.ForEach(failure => terminal.Error.WriteLine($"retort: {failure}"));
        return _failures.Count > 0 ? ExitCode.InputError : ExitCode.Success;
    }

    /// <summary>Before hours of training, not in the middle.</summary>
    private void CheckChanges(bool allowed)
    {
        string[] changed = allowed ? [] :
        [
            .. _runs.Select(run => (run, Changes: run.Folder.Changes(run.Recipe))).Where(r => r.Changes.Count > 0)
                .Select(r => $"  {r.run.Recipe.Name}: {RunFolder.Describe(r.Changes)}"),
        ];
        if (changed.Length > 0)
        {
            throw new RunException($"{study.Folder}: runs of this study were started with other recipes:\n{string.Join('\n', changed)}\n"
                + "put the recipes back, remove the folders of these runs, give the rows other names, or go on with the changes by "
                    + "--allow-changes");
        }
    }

    private void CheckTeachers()
    {
        if (_runs.FirstOrDefault(run => run is { TeacherName: null, Recipe.Teacher: { } teacher }
            && !teacher.Weights.Contains("://", StringComparison.Ordinal) && !File.Exists(teacher.Weights) && !run.Result().IsComplete)
            is { } missing)
        {
            throw new RetortException(
                $"{missing.Recipe.Teacher!.Weights}: the weights of the teacher of the row '{missing.RowName}' are not there; "
                + "train it in a row of this study and name that with 'teacher: ROW', or put the file there, or name another one with "
                    + "'set: {teacher: {weights: ...}}'");
        }
    }

    // Returns false where it was asked to stop.
    private bool TryRun(StudyRun run, bool allowChanges, CancellationToken stop)
    {
        if (run.TeacherName is { } teacher && _runs.Any(r => r.RowName == teacher && !r.Result().IsComplete))
        {
            _failures.Add($"{run.Recipe.Name}: not run, because its teacher, the row '{teacher}', is not complete");
            return true;
        }

        try
        {
            var request = new RunRequest(run.Recipe)
            {
                Resume = true,
                AllowChanges = allowChanges,
                HowToContinue = "the same command continues",
                Clock = new RunClock(run.Folder.Path)
            };
            return TrainCommand.Run(terminal, request, stop).Epoch >= run.Recipe.Schedule.Epochs;
        }
        catch (Exception e) when (ExitCode.Of(Failure.Cause(e).GetType()) == ExitCode.InputError)
        {
            string text = Failure.Text(Failure.Cause(e));
            _failures.Add($"{run.Recipe.Name}: {text}");
            terminal.Progress.Say($"{run.Recipe.Name} failed: {text}");
            return true;
        }
    }

    /// <summary>What is left, at the rate of the epochs so far; nothing before the first ones are known.</summary>
    private string Estimate(int from)
    {
        StudyRunResult[] known = [.. _runs.Select(run => run.Result()).Where(r => r is { Epochs: > 0, Seconds: not null })];
        double left = _runs.Skip(from).Select(run => run.Result()).Sum(r => r.OfEpochs - r.Epochs);
        if (known.Length == 0)
        {
            return "";
        }

        var duration = TimeSpan.FromSeconds(left * known.Sum(r => r.Seconds!.Value) / known.Sum(r => r.Epochs));
        return $"; about {ProgressTask.Duration(duration)} left for the study";
    }
}
