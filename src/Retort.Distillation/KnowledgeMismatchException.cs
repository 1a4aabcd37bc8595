using Retort.Core;

namespace Retort.Distillation;

/// <summary>Teacher and student cannot be compared; the message names both sides and what to change.</summary>
/// <param name="message">The whole sentence.</param>
public sealed class KnowledgeMismatchException(string message) : RetortException(message);
