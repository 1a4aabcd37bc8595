using Retort.Detection.Losses;

namespace Retort.Detection.Criteria;

/// <summary>Options of <see cref="GflCriterion"/>; the defaults are those of the paper.</summary>
public sealed record GflOptions
{
    /// <summary>Exponent of the quality focal loss, at least 0.</summary>
    public double QualityBeta { get; init; } = 2;

    /// <summary>Factor of the classification loss, at least 0.</summary>
    public double ClassificationWeight { get; init; } = 1;

    /// <summary>The box loss.</summary>
    public BoxLossKind BoxLoss { get; init; } = BoxLossKind.Giou;

    /// <summary>Factor of the box loss, at least 0.</summary>
    public double BoxWeight { get; init; } = 2;

    /// <summary>Factor of the distribution focal loss, at least 0.</summary>
    public double DistributionWeight { get; init; } = 0.25;

    /// <summary>Added to the weight of all positives before dividing by it, so that a batch without objects gives zero and not 0/0.</summary>
    public double NormalizerEpsilon { get; init; } = 1e-6;
}
