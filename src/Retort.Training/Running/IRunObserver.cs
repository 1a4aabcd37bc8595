using Retort.Training.Evaluating;

namespace Retort.Training.Running;

/// <summary>Told how a run goes; what a person sees is made here and not in the loop.</summary>
public interface IRunObserver
{
    /// <summary>The run begins, or goes on, at a state.</summary>
    void Started(TrainingSetup setup, TrainingState state);

    /// <summary>A step was made.</summary>
    void Stepped(TrainingState state, StepValues values, double learningRate);

    /// <summary>So many images of the evaluation are done.</summary>
    void Evaluating(int images);

    /// <summary>An evaluation is done.</summary>
    void Evaluated(TrainingState state, EvaluationResult result);

    /// <summary>The run was asked to stop and has written its checkpoint.</summary>
    void Interrupted(TrainingState state);

    /// <summary>A failure ends the run; what was trained until this state is in the last checkpoint.</summary>
    void Failed(TrainingState state);

    /// <summary>The schedule is complete.</summary>
    void Finished(TrainingState state);
}
