using Retort.Core;

namespace Retort.Training.Weights;

/// <summary>
/// Pretrained weights have an unknown name, are not there and cannot be downloaded, or are not what was published. The message says what to
/// do.
/// </summary>
/// <param name="message">What is wrong, and the remedy.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class WeightsException(string message, Exception? inner = null) : RetortException(message, inner);
