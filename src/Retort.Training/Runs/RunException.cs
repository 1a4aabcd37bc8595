using Retort.Core;

namespace Retort.Training.Runs;

/// <summary>A run that cannot start or go on because of where it is or what is there; the message says what to do.</summary>
/// <param name="message">The whole sentence for the person who started the run.</param>
/// <param name="inner">What the system reported, if it did.</param>
public sealed class RunException(string message, Exception? inner = null) : RetortException(message, inner);
