using Retort.Core;

namespace Retort.Vision.Synthesis;

/// <summary>A data set cannot be drawn as asked for; the message says which option to change.</summary>
/// <param name="message">What is wrong and what would be right.</param>
public sealed class SynthesisException(string message) : RetortException(message);
