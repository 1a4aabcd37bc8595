using Retort.Detection.Kernels;
using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>
/// Distribution focal loss (Li et al., Generalized Focal Loss, Eq. 6): cross-entropy of a distribution over whole distances against the two
/// neighbours of the true one, each weighted by its nearness.
/// </summary>
public static class DistributionFocalLoss
{
    /// <summary>Loss of each row, float [M]; the caller weighs and reduces.</summary>
    /// <param name="logits">Float [M, n+1].</param>
    /// <param name="distances">True distance in bins, in [0, n), without gradient, float [M].</param>
    public static Tensor Rows(Tensor logits, Tensor distances)
    {
        if (logits.Type == distances.Type && FusedOperators.IsSupported(logits))
        {
            return FusedOperators.DistributionFocal(logits, distances);
        }

        Tensor left = distances.Detach().Floor();
        Tensor right = left + 1;
        Tensor columns = Tensor.Stack([left, right], 1).To(ScalarType.Int64);
        Tensor nearness = Tensor.Stack([right - distances, distances - left], 1);
        return -(logits.LogSoftmax(1).Gather(1, columns) * nearness).Sum([1]);
    }
}
