using Retort.Torch;

namespace Retort.Detection.Coding;

/// <summary>The values that the bins of an edge's distribution stand for: evenly from the first to the last.</summary>
/// <param name="First">Value of the first bin.</param>
/// <param name="Last">Value of the last bin, above the first.</param>
public sealed record EdgeRange(double First, double Last);

/// <summary>
/// Expectations of box edges' distributions over bins (Li et al. 2020, Generalized Focal Loss, Eq. 4), as pure functions of tensors.
/// </summary>
public static class EdgeDistributions
{
    /// <summary>Logits [K, E*(n+1)], edge-major, to expected values [K, E] of bins that stand for 0..n.</summary>
    /// <param name="logits">Float [K, E*(n+1)].</param>
    /// <param name="edges">Edges of a box, E.</param>
    public static Tensor Expectation(Tensor logits, int edges)
    {
        using var scope = new TensorScope();
        long bins = logits.Size(1) / edges;
        Tensor values = Tensor.Linspace(0, bins - 1, bins, logits.Type, logits.Device);
        return scope.Keep(logits.Reshape(-1, edges, bins).Softmax(2).MatMul(values));
    }

    /// <summary>Logits [K, E*(n+1)], edge-major, to expected values [K, E] of bins with a range for each edge.</summary>
    /// <param name="logits">Float [K, E*(n+1)].</param>
    /// <param name="ranges">What the bins of each edge stand for; length E.</param>
    public static Tensor Expectation(Tensor logits, IReadOnlyList<EdgeRange> ranges)
    {
        using var scope = new TensorScope();
        long bins = logits.Size(1) / ranges.Count;
        Tensor values = Tensor.Stack([.. ranges.Select(r => Tensor.Linspace(r.First, r.Last, bins, logits.Type, logits.Device))]);
        return scope.Keep((logits.Reshape(-1, ranges.Count, bins).Softmax(2) * values).Sum([2]));
    }
}
