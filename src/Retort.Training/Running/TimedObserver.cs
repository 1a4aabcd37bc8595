using Retort.Training.Evaluating;
using Retort.Training.Runs;

namespace Retort.Training.Running;

/// <summary>Keeps the time of a run while another observer shows it.</summary>
/// <param name="inner">The other observer.</param>
/// <param name="clock">Started when the session was.</param>
public sealed class TimedObserver(IRunObserver inner, RunClock clock) : IRunObserver
{
    /// <inheritdoc/>
    public void Started(TrainingSetup setup, TrainingState state) => inner.Started(setup, state);

    /// <inheritdoc/>
    public void Stepped(TrainingState state, StepValues values, double learningRate) => inner.Stepped(state, values, learningRate);

    /// <inheritdoc/>
    public void Evaluating(int images) => inner.Evaluating(images);

    /// <inheritdoc/>
    public void Evaluated(TrainingState state, EvaluationResult result)
    {
        clock.Save();
        inner.Evaluated(state, result);
    }

    /// <inheritdoc/>
    public void Interrupted(TrainingState state)
    {
        clock.Save();
        inner.Interrupted(state);
    }

    /// <inheritdoc/>
    public void Failed(TrainingState state)
    {
        clock.Save();
        inner.Failed(state);
    }

    /// <inheritdoc/>
    public void Finished(TrainingState state)
    {
        clock.Save();
        inner.Finished(state);
    }
}
