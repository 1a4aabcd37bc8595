using Retort.Detection.Coding;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>
/// The values of an edge's bins as checkpoints carry them: buffer <c>project</c> [n+1]. Computing needs no state; see <see
/// cref="EdgeDistributions"/>.
/// </summary>
public sealed class DistributionIntegral : Module
{
    /// <summary>Makes the integral.</summary>
    /// <param name="range">What the first and the last bin stand for.</param>
    /// <param name="bins">Number of bins, n+1.</param>
    public DistributionIntegral(EdgeRange range, int bins) => RegisterBuffer("project", Tensor.Linspace(range.First, range.Last, bins));
}
