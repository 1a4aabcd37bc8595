using System.Globalization;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Training.Evaluating;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;
using static System.FormattableString;

namespace Retort.Cli.Training;

/// <summary>Shows a training run: what was inferred, progress with an estimate, each evaluation, and what to do next.</summary>
internal sealed class ConsoleObserver(Terminal terminal, RunFolder folder, string howToContinue) : IRunObserver
{
    private ProgressTask? _training;
    private ProgressTask? _measuring;
    private int _measured;
    private int _images;

    public void Started(TrainingSetup setup, TrainingState state)
    {
        ProgressReporter progress = terminal.Progress;
        int perEpoch = setup.TrainingLoader.BatchesPerEpoch, epochs = setup.Recipe.Schedule.Epochs;
        _images = setup.EvaluationData?.Count ?? 0;
        long parameters = setup.Detector.NamedParameters().Sum(p => p.Tensor.Count);
        progress.Say($"{setup.Recipe.Name}: {Quantity.Of(setup.TrainingData.Count, "images")} of {setup.TrainingData.Name}, "
            + $"{Quantity.Of(setup.ClassNames.Count, "classes")} "
            + $"({string.Join(", ", setup.ClassNames.Take(8))}{(setup.ClassNames.Count > 8 ? ", ..." : "")})");
        progress.Say(Invariant($"network: {parameters / 1e6:0.00} million parameters on {setup.Device}; {setup.Rule.Explanation}"));
        if (setup.Teaching is { } teaching)
        {
            progress.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"teacher: {teaching.Teacher.NamedParameters().Sum(p => p.Tensor.Count) / 1e6:0.00} million "
                + $"parameters from {setup.Recipe.Teacher!.Weights}; terms: "
                + $"{string.Join(", ", setup.Recipe.Distillation.Select(DistillationWords.Describe))}"));
        }

        WarnOfLongWarmup(setup);
        if (state.Epoch >= epochs)
        {
            progress.Say($"already complete: the run has its {Quantity.Of(epochs, "epochs")}, and nothing is trained");
        }
        else if (state.Iteration > 0)
        {
            progress.Say($"continuing after step {state.Iteration} ({state.Batch} of {perEpoch} batches of epoch {state.Epoch + 1})");
        }

        long left = ((long)epochs * perEpoch) - state.Iteration;
        _training = left > 0 ? progress.Start("training", left, "steps") : null;
    }

    public void Stepped(TrainingState state, StepValues values, double learningRate)
    {
        string terms = string.Join(", ", values.Terms.Select(t => Invariant($"{t.Key["loss_".Length..]} {t.Value:0.000}")));
        _training?.Advance(note: Invariant($"epoch {state.Epoch + 1}  loss {values.Total:0.000} ({terms})  lr {learningRate:0.#####}"));
    }

    public void Evaluating(int images)
    {
        _measuring ??= terminal.Progress.Start("measuring", Math.Max(1, _images), "images");
        _measuring.Advance(images - _measured);
        _measured = images;
    }

    public void Evaluated(TrainingState state, EvaluationResult result)
    {
        _measuring?.Dispose();
        (_measuring, _measured) = (null, 0);
        terminal.Progress.Say(
            $"epoch {state.Epoch}: {string.Join("  ", result.Scores.Headline.Select(n => $"{n.Name} {Score(n.Value)}"))}");
    }

    public void Interrupted(TrainingState state)
    {
        _training?.Dispose();
        terminal.Progress.Say($"stopped after step {state.Iteration}; {howToContinue}");
    }

    public void Failed(TrainingState state)
    {
        _measuring?.Dispose();
        _training?.Dispose();
        terminal.Progress.Say(
            $"failed after step {state.Iteration}, until which all is in {folder.LastCheckpoint}; once the cause is gone, {howToContinue}");
    }

    public void Finished(TrainingState state)
    {
        _training?.Dispose();
        string best = state is { BestMetric: { } metric, BestEpoch: { } epoch } ? Invariant($"best {metric:0.000} after epoch {epoch}")
            : "not measured";
        terminal.Progress.Say($"done, {best}; checkpoints and log are in {folder.Path}");
        string checkpoint = File.Exists(folder.BestCheckpoint) ? folder.BestCheckpoint : folder.LastCheckpoint;
        terminal.Progress.Say($"next: retort predict {checkpoint} PICTURES, or retort publish {checkpoint}");
    }

    // So long a warm-up leaves little of the training at the full rate.
    private void WarnOfLongWarmup(TrainingSetup setup)
    {
        const double Share = 0.2;
        (long warmup, long all) = (setup.LearningRate.WarmupSteps, setup.LearningRate.Steps);
        if (warmup > Share * all)
        {
            terminal.Progress.Say(
                $"warning: the warm-up takes {warmup} of all {all} steps, so that little or nothing is trained at the full learning rate; "
                + "for so little data begin anew with --set schedule.warmup.maximumShare=0.1, or with more epochs");
        }
    }

    // The reference's -1 says that there was nothing to measure.
    private static string Score(double value) => value < 0 ? "-" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
