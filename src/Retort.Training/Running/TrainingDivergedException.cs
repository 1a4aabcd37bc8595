using Retort.Core;

namespace Retort.Training.Running;

/// <summary>
/// The loss or the gradient is not a finite number, so the step was not made and the run was stopped. Most often the recipe is to
/// blame (learning rate, batch size), so it counts as an input error.
/// </summary>
/// <param name="message">What happened, where the batch lies, and what to change.</param>
public sealed class TrainingDivergedException(string message) : RetortException(message);
