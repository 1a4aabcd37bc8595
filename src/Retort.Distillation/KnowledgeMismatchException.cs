namespace Retort.Distillation;

/// <summary>Teacher and student cannot be compared; the message names both sides and what to change.</summary>
/// <remarks>An input error in the sense of the command line, which takes every <see cref="IOException"/> for one (exit code 2).</remarks>
/// <param name="message">The whole sentence.</param>
public sealed class KnowledgeMismatchException(string message) : IOException(message);
