using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>
/// The expectation of an edge's distribution over bins (Li et al. 2020, generalized focal loss, Eq. 4). Buffer:
/// <c>project</c>, the bins' values [n+1], which checkpoints carry; computing needs no state.
/// </summary>
public sealed class DistributionIntegral : Module
{
    /// <summary>Makes the integral.</summary>
    /// <param name="range">What the first and the last bin stand for.</param>
    /// <param name="bins">Number of bins, n+1.</param>
    public DistributionIntegral(EdgeRange range, int bins) => RegisterBuffer("project", Tensor.Linspace(range.First, range.Last, bins));

    /// <summary>Logits [K, E*(n+1)], edge-major, to expected values [K, E] of bins that stand for 0..n.</summary>
    public static Tensor Expectation(Tensor logits, int edges)
    {
        using var scope = new TensorScope();
        long bins = logits.Size(1) / edges;
        Tensor values = Tensor.Linspace(0, bins - 1, bins, logits.Type, logits.Device);
        return scope.Keep(logits.Reshape(-1, edges, bins).Softmax(2).MatMul(values));
    }
}
