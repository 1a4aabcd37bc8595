using Retort.Core.Options;
using Retort.Core;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>The predictor of a box's quality from the distributions of its edges (Li et al., 2021).</summary>
public sealed record DistributionQualityOptions
{
    /// <summary>How many of an edge's largest probabilities are used, beside their mean; at most the bins.</summary>
    [Within(1, 129)]
    public int TopK { get; init; } = 4;

    /// <summary>Channels between its two layers.</summary>
    [Within(1, 4096)]
    public int Channels { get; init; } = 64;
}

/// <summary>
/// The distribution-guided quality predictor (Li et al. 2021, Generalized Focal Loss V2, Section 3.2): how sharp the distributions of a
/// box's edges are indicates how well it is located. The largest probabilities of each edge and their mean go through two 1x1
/// convolutions. Names: <c>0</c>, <c>2</c>.
/// </summary>
public sealed class DistributionQuality : Module
{
    private readonly int _edges;
    private readonly int _topK;
    private readonly Conv2d _first;
    private readonly Conv2d _last;

    /// <summary>Makes the predictor: weights normal(0, 0.01), biases zero.</summary>
    /// <param name="edges">Edges of a box.</param>
    /// <param name="lastBin">n, the value of the last bin.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="RetortException">There are fewer bins than probabilities wanted.</exception>
    public DistributionQuality(int edges, int lastBin, DistributionQualityOptions options)
    {
        if (options.TopK > lastBin + 1)
        {
            throw new RetortException($"the quality of a box is predicted from the {options.TopK} largest of an edge's {lastBin + 1} "
                + $"probabilities; it can be 1 to {lastBin + 1} of them");
        }

        (_edges, _topK) = (edges, options.TopK);
        _first = Register("0", new Conv2d(edges * (options.TopK + 1), options.Channels, 1));
        _last = Register("2", new Conv2d(options.Channels, 1, 1));
        Initialization.Normal(_first.Weight, 0, HeadParts.WeightDeviation);
        Initialization.Normal(_last.Weight, 0, HeadParts.WeightDeviation);
    }

    /// <summary>Edge logits [N, E*(n+1), H, W] to qualities [N, 1, H, W] in (0, 1).</summary>
    public Tensor Forward(Tensor boxLogits)
    {
        using var scope = new TensorScope();
        long[] s = boxLogits.Shape;
        Tensor probabilities = boxLogits.Reshape(s[0], _edges, s[1] / _edges, s[2], s[3]).Softmax(2);
        Tensor largest = probabilities.TopK(_topK, 2).Values;
        Tensor shape = Tensor.Cat([largest, largest.Mean([2], keepDim: true)], 2).Reshape(s[0], -1, s[2], s[3]);
        return scope.Keep(_last.Forward(_first.Forward(shape).ReluInPlace()).Sigmoid());
    }
}
