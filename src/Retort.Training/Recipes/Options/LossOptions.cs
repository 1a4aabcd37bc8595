using Retort.Core.Geometry;
using Retort.Core.Options;

namespace Retort.Training.Recipes;

/// <summary>The detector's own losses.</summary>
public sealed record LossOptions
{
    /// <summary>The loss of the class scores.</summary>
    public ClassificationLossOptions Classification { get; init; } = new();

    /// <summary>The loss of the decoded boxes.</summary>
    public BoxLossOptions Box { get; init; } = new();

    /// <summary>The loss of the centerness, where the detector has it.</summary>
    public CenternessLossOptions Centerness { get; init; } = new();

    /// <summary>The loss of the box-edge distributions, where the detector has it.</summary>
    public DistributionLossOptions Distribution { get; init; } = new();
}

/// <summary>The loss of the class scores.</summary>
public sealed record ClassificationLossOptions
{
    /// <summary>The kind.</summary>
    public ClassificationLossKind Type { get; init; } = ClassificationLossKind.QualityFocal;

    /// <summary>Quality focal: the exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Beta { get; init; } = 2;

    /// <summary>Focal: the weight of the foreground; the background has the rest to one.</summary>
    [Within(0, 1)]
    public double Alpha { get; init; } = 0.25;

    /// <summary>Focal: the exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Gamma { get; init; } = 2;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>A loss of class scores.</summary>
public enum ClassificationLossKind
{
    /// <summary>Quality focal loss (Li et al., 2020, Eq. 4): the target of a positive is the IoU of its box.</summary>
    QualityFocal,

    /// <summary>Focal loss (Lin et al., 2017): the target of a positive is one.</summary>
    Focal,
}

/// <summary>The cross-entropy of the centerness (Tian et al., 2019).</summary>
public sealed record CenternessLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>The loss of the box-edge distributions: distribution focal loss (Li et al., 2020, Eq. 6).</summary>
public sealed record DistributionLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;
}
