using Retort.Training.Evaluating;
using Retort.Recipes;
using Retort.Training.Runs;
using Retort.Vision.Loading;

namespace Retort.Training.Running;

/// <summary>
/// A training run from its recipe to its last checkpoint. The loop reads from top to bottom; what varies (detector, teacher,
/// optimizer, data) was put together before by <see cref="TrainingSetup"/>.
/// </summary>
public sealed class TrainingRun(TrainingSetup setup, RunFolder folder, IRunObserver observer)
{
    /// <summary>The kind of the lines of a log that hold a measurement.</summary>
    internal const string EvaluationLine = "evaluation";
    private readonly Recipe _recipe = setup.Recipe;
    private TrainingState _state = new();

    // What the folder's last checkpoint has, so that the same is not written twice.
    private TrainingState _saved = new();

    // Positive priors of the epoch in progress.
    private long _positives;

    /// <summary>Trains from the beginning, or from the folder's last checkpoint, to the end of the schedule.</summary>
    /// <param name="resume">Continues where the last checkpoint was written; without one it starts from the beginning.</param>
    /// <param name="stop">Ends the run after the step in progress, with a checkpoint.</param>
    /// <returns>The state at the end.</returns>
    /// <exception cref="TrainingDivergedException">A loss or a gradient was not finite; the batch was written into the folder.</exception>
    public TrainingState Execute(bool resume, CancellationToken stop = default)
    {
        if (resume && folder.CanResume)
        {
            _saved = TrainingCheckpoint.Load(folder.LastCheckpoint, setup);

            // A recipe that was changed since may have fewer batches.
            _state = _saved with { Batch = Math.Min(_saved.Batch, setup.TrainingLoader.BatchesPerEpoch) };
        }

        // Within an epoch (at its very end too) it has not been measured yet: a line that says so is from after the checkpoint.
        using JsonLinesLog log = JsonLinesLog.Resume(
            folder.LogFile, (kind, iteration) =>
                kind == EvaluationLine && _state.Batch > 0 ? iteration < _state.Iteration : iteration <= _state.Iteration);
        observer.Started(setup, _state);
        try
        {
            Train(log, stop);
        }
        catch (Exception e) when (e is not TrainingDivergedException && !setup.Step.IsTorn)
        {
            Keep();
            throw;
        }

        return _state;
    }

    private void Train(JsonLinesLog log, CancellationToken stop)
    {
        while (_state.Epoch < _recipe.Schedule.Epochs)
        {
            EvaluationResult? result = null;
            if (!TrainEpoch(log, stop) || !TryEvaluate(stop, out result))
            {
                Save();
                observer.Interrupted(_state);
                return;
            }

            _state = _state with { Epoch = _state.Epoch + 1, Batch = 0 };
            if (result is not null && IsBest(log, result))
            {
                // Before the last one: a run that is killed in between measures again and writes it again.
                TrainingCheckpoint.Save(folder.BestCheckpoint, setup, _state);
            }

            Save();
        }

        observer.Finished(_state);
    }

    private void Save()
    {
        if (_state != _saved)
        {
            TrainingCheckpoint.Save(folder.LastCheckpoint, setup, _state);
            _saved = _state;
        }
    }

    /// <summary>
    /// Before a failure goes on its way: what was trained is kept. (A step that failed before its update may have moved the running
    /// statistics of normalisation; that is less than an epoch.)
    /// </summary>
    private void Keep()
    {
        try
        {
            Save();
        }
        catch (RunException)
        {
            // The failure itself, which may be that the disk is full, says more.
            return;
        }

        if (_state != new TrainingState())
        {
            observer.Failed(_state);
        }
    }

    // Returns false where the run was asked to stop within the epoch.
    private bool TrainEpoch(JsonLinesLog log, CancellationToken stop)
    {
        setup.Detector.Train();
        bool whole = _state.Batch == 0;
        long before = _state.Iteration;
        _positives = 0;
        foreach (ImageBatch batch in setup.TrainingLoader.Epoch(_state.Epoch, _state.Batch))
        {
            using (batch)
            {
                MakeStep(batch, log);
            }

            if (_recipe.Log.CheckpointInterval > 0 && _state.Iteration % _recipe.Log.CheckpointInterval == 0)
            {
                Save();
            }

            if (stop.IsCancellationRequested)
            {
                return false;
            }
        }

        if (whole && _state.Iteration == before)
        {
            throw new RunException($"{setup.TrainingData.Name}: not one image of an epoch could be read; 'retort dataset check' lists "
                + "what is wrong with each");
        }

        if (whole && _positives == 0)
        {
            WarnOfNoPositives();
        }

        // The last batches may have had no image that could be read.
        _state = _state with { Batch = setup.TrainingLoader.BatchesPerEpoch };
        return true;
    }

    // What such an epoch teaches is background alone. The number of positives is known on the host, so the device is not asked.
    private void WarnOfNoPositives() => setup.Warn?.Invoke(
        $"warning: epoch {_state.Epoch + 1}: no object has a positive prior, so only background was learned (box loss 0). In the "
            + "network's input the objects are too small, "
        + "too thin or too far from the shape of the priors: 'retort dataset regions' shows what the label assignment makes of them; use "
            + "a larger 'input.scales', "
        + "cut large images with 'retort dataset split', or change 'model.priors'");

    private void MakeStep(ImageBatch batch, JsonLinesLog log)
    {
        double rate = setup.LearningRate.RateAt(_state.Epoch, _state.Iteration);
        StepValues values = setup.Step.Run(batch, rate);
        if (!values.IsFinite)
        {
            throw NonFiniteBatch.Write(folder, _recipe, batch, values, _state, rate);
        }

        _positives += values.Positives;
        _state = _state with { Batch = batch.Number + 1, Iteration = _state.Iteration + 1 };
        Report(log, values, rate);
    }

    private void Report(JsonLinesLog log, StepValues values, double rate)
    {
        observer.Stepped(_state, values, rate);
        if (_state.Iteration % _recipe.Log.Interval == 0)
        {
            log.Write(
                "train",
                _state.Iteration,
                [("epoch", _state.Epoch + 1), ("learning_rate", rate), .. values.Terms.Select(t => (t.Key, t.Value)),
                    ("loss", values.Total), ("gradient_norm", values.GradientNorm)]);
        }
    }

    // Gives no result where none is due, and returns false where the run was asked to stop meanwhile.
    private bool TryEvaluate(CancellationToken stop, out EvaluationResult? result)
    {
        (result, int interval, int epoch) = (null, _recipe.Evaluation.Interval, _state.Epoch + 1);
        if (setup.EvaluationData is null || interval == 0 || (epoch % interval != 0 && epoch != _recipe.Schedule.Epochs))
        {
            return true;
        }

        // Hours of training must not depend on whether the images to measure with can be read.
        Save();
        try
        {
            result = setup.Evaluate(images =>
            {
                observer.Evaluating(images);
                stop.ThrowIfCancellationRequested();
            });
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private bool IsBest(JsonLinesLog log, EvaluationResult result)
    {
        log.Write(EvaluationLine, _state.Iteration, [("epoch", _state.Epoch), .. result.Scores.Numbers]);
        observer.Evaluated(_state, result);
        double metric = result.Metric(_recipe.Evaluation.Metric);
        if (_state.BestMetric is { } best && metric <= best)
        {
            return false;
        }

        _state = _state with { BestMetric = metric, BestEpoch = _state.Epoch };
        return true;
    }
}
