namespace Retort.Training.Running;

/// <summary>What one step measured.</summary>
/// <param name="Terms">Name and value of each part of the objective.</param>
/// <param name="Total">The objective.</param>
/// <param name="GradientNorm">Euclidean norm of all gradients before clipping.</param>
/// <param name="Positives">Positive priors of the batch, which the boxes of objects are learned at.</param>
public sealed record StepValues(IReadOnlyList<KeyValuePair<string, double>> Terms, double Total, double GradientNorm, int Positives)
{
    /// <summary>Whether every number is finite.</summary>
    public bool IsFinite => double.IsFinite(Total) && double.IsFinite(GradientNorm);
}
