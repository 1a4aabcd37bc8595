using Retort.Core.Options;
using Retort.Detection.Losses;

namespace Retort.Detection.Criteria;

/// <summary>A loss of upright boxes by their overlap.</summary>
public sealed record IouLossOptions
{
    /// <summary>The kind.</summary>
    public BoxLossKind Type { get; init; } = BoxLossKind.Giou;

    /// <summary>The factor in the sum of all losses: 2 for most detectors, 1 for FCOS.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 2;
}

/// <summary>What the box loss of a batch is divided by.</summary>
public enum RotatedLossDivisor
{
    /// <summary>The number of positives, as the classification loss.</summary>
    Positives,

    /// <summary>
    /// On each level the number of its positives, summed over the levels: as the published KLD, which ignores the other number.
    /// </summary>
    LevelPositives,
}

/// <summary>A loss of rotated boxes.</summary>
[Kind("smooth-l1", typeof(SmoothL1Options))]
[Kind("gwd", typeof(GwdOptions))]
[Kind("kld", typeof(KldOptions))]
[Kind("reverse-kld", typeof(ReverseKldOptions))]
[Kind("kf-iou", typeof(KfIouOptions))]
public abstract record RotatedBoxLossOptions
{
    /// <summary>The factor in the sum of all losses: 5 for GWD, 1 for the others.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 1;

    /// <summary>What the loss is divided by.</summary>
    public RotatedLossDivisor Divisor { get; init; } = RotatedLossDivisor.Positives;
}

/// <summary>Smooth L1 of the differences from the anchor.</summary>
public sealed record SmoothL1Options : RotatedBoxLossOptions
{
    /// <summary>Where the parabola ends and the straight line begins; 0 for no parabola.</summary>
    [Within(0, 100)]
    public double Beta { get; init; }
}

/// <summary>Gaussian Wasserstein distance (Yang et al., 2021).</summary>
public sealed record GwdOptions : RotatedBoxLossOptions;

/// <summary>Kullback-Leibler divergence of Gaussians (Yang et al., 2021), as the authors' recipes have it.</summary>
public sealed record KldOptions : RotatedBoxLossOptions;

/// <summary>The root of the divergence the other way round, the other published form.</summary>
public sealed record ReverseKldOptions : RotatedBoxLossOptions;

/// <summary>Overlap of Gaussians by a Kalman filter (Yang et al., 2022).</summary>
public sealed record KfIouOptions : RotatedBoxLossOptions
{
    /// <summary>What becomes of the overlap.</summary>
    public KalmanFilterIouMap Form { get; init; } = KalmanFilterIouMap.Ln;
}
