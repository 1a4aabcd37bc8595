using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>
/// The expectation of an edge's distribution over bins 0..n (Li et al. 2020, generalized focal loss, Eq. 4). Buffer:
/// <c>project</c>, the bins' values [n+1], which checkpoints carry; computing needs no state.
/// </summary>
public sealed class DistributionIntegral : Module
{
    /// <summary>Makes the integral.</summary>
    /// <param name="lastBin">n, the value of the last bin (the reference's reg_max).</param>
    public DistributionIntegral(int lastBin) => RegisterBuffer("project", Tensor.Linspace(0, lastBin, lastBin + 1));

    /// <summary>Logits [K, E*(n+1)], edge-major, to expected values [K, E] in bins.</summary>
    public static Tensor Expectation(Tensor logits, int edges)
    {
        using var scope = new TensorScope();
        long bins = logits.Size(1) / edges;
        Tensor values = Tensor.Linspace(0, bins - 1, bins, logits.Type, logits.Device);
        return scope.Keep(logits.Reshape(-1, edges, bins).Softmax(2).MatMul(values));
    }
}
