using Retort.Core.Options;

namespace Retort.Detection.Criteria;

/// <summary>Quality focal loss of class scores (Li et al., 2020, Eq. 4): the target of a positive is the IoU of its box.</summary>
public sealed record QualityFocalOptions
{
    /// <summary>The exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Beta { get; init; } = 2;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>Focal loss of class scores (Lin et al., 2017): the target of a positive is one.</summary>
public sealed record FocalOptions
{
    /// <summary>The weight of the foreground; the background has the rest to one.</summary>
    [Within(0, 1)]
    public double Alpha { get; init; } = 0.25;

    /// <summary>The exponent of the distance to the target.</summary>
    [Within(0, 16)]
    public double Gamma { get; init; } = 2;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>The cross-entropy of the centerness (Tian et al., 2019).</summary>
public sealed record CenternessLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;
}

/// <summary>Distribution focal loss of the box edges (Li et al., 2020, Eq. 6).</summary>
public sealed record DistributionLossOptions
{
    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 0.25;
}
