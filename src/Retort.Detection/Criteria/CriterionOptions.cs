using Retort.Core.Options;

namespace Retort.Detection.Criteria;

/// <summary>The detector's own losses.</summary>
public abstract record CriterionOptions;

/// <summary>The losses of Generalized Focal Loss, both versions.</summary>
public sealed record GflOptions : CriterionOptions
{
    /// <summary>The loss of the class scores.</summary>
    public QualityFocalOptions Classification { get; init; } = new();

    /// <summary>The loss of the decoded boxes.</summary>
    public IouLossOptions Box { get; init; } = new();

    /// <summary>The loss of the box-edge distributions.</summary>
    public DistributionLossOptions Distribution { get; init; } = new();

    /// <summary>
    /// Added to the weight of all positives before dividing by it, so that a batch without objects gives zero and not 0/0.
    /// </summary>
    [CodeOnly]
    [Within(0)]
    public double NormalizerEpsilon { get; init; } = 1e-6;
}

/// <summary>The losses of detectors with centerness: ATSS, FCOS.</summary>
public sealed record CenternessOptions : CriterionOptions
{
    /// <summary>The loss of the class scores.</summary>
    public FocalOptions Classification { get; init; } = new();

    /// <summary>The loss of the decoded boxes.</summary>
    public IouLossOptions Box { get; init; } = new();

    /// <summary>The loss of the centerness.</summary>
    public CenternessLossOptions Centerness { get; init; } = new();
}

/// <summary>The losses of RetinaNet.</summary>
public sealed record RetinaOptions : CriterionOptions
{
    /// <summary>The loss of the class scores.</summary>
    public FocalOptions Classification { get; init; } = new();

    /// <summary>The loss of the decoded boxes.</summary>
    public IouLossOptions Box { get; init; } = new();
}

/// <summary>The losses of RetinaNet for rotated boxes.</summary>
public sealed record RotatedRetinaOptions : CriterionOptions
{
    /// <summary>The loss of the class scores.</summary>
    public FocalOptions Classification { get; init; } = new();

    /// <summary>The loss of the boxes.</summary>
    public RotatedBoxLossOptions Box { get; init; } = new SmoothL1Options();
}
