using Retort.Detection.Coding;

namespace Retort.Detection.Dense;

/// <summary>The losses of a detector without any teacher.</summary>
public interface IDetectionCriterion
{
    /// <summary>The weighted, normalised terms; their sum is minimised.</summary>
    /// <param name="output">Predictions of a batch, with gradient history.</param>
    /// <param name="assignment">The batch's label assignment.</param>
    /// <param name="coding">The detector's box coding.</param>
    IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding);
}
