using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>
/// The expectation of an edge's distribution over bins 0..n (Li et al. 2020, generalized focal loss, Eq. 4). Buffer:
/// <c>project</c>, the bins' values [n+1], which checkpoints carry.
/// </summary>
public sealed class DistributionIntegral : Module
{
    private readonly Tensor _project;

    /// <summary>Makes the integral.</summary>
    /// <param name="lastBin">n, the value of the last bin (the reference's reg_max).</param>
    public DistributionIntegral(int lastBin) => _project = RegisterBuffer("project", Tensor.Linspace(0, lastBin, lastBin + 1));

    /// <summary>Logits [K, E*(n+1)], edge-major, to expected values [K, E] in bins.</summary>
    public Tensor Forward(Tensor logits)
    {
        using var scope = new TensorScope();
        long bins = _project.Count;
        Tensor rows = logits.Reshape(-1, bins).Softmax(1).MatMul(_project);
        return scope.Keep(rows.Reshape(-1, logits.Size(1) / bins));
    }
}
