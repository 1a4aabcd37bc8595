using Retort.Training.Evaluating;
using Retort.Training.Running;

namespace Retort.Training.Tests.Running;

/// <summary>Shows nothing; asks the run to stop after a step, where one is given.</summary>
internal sealed class StoppingObserver(long? iteration = null, CancellationTokenSource? stop = null) : IRunObserver
{
    public void Started(TrainingSetup setup, TrainingState state)
    {
    }

    public void Stepped(TrainingState state, StepValues values, double learningRate)
    {
        if (state.Iteration == iteration)
        {
            stop?.Cancel();
        }
    }

    public void Evaluating(int images)
    {
    }

    public void Evaluated(TrainingState state, EvaluationResult result)
    {
    }

    public void Interrupted(TrainingState state) => Assert.Equal(iteration, state.Iteration);

    public void Failed(TrainingState state)
    {
    }

    public void Finished(TrainingState state)
    {
    }
}
