using Retort.Detection.Losses;

namespace Retort.Detection.Criteria;

/// <summary>A loss of rotated boxes.</summary>
public enum RotatedBoxLossKind
{
    /// <summary>Smooth L1 of the differences from the prior.</summary>
    SmoothL1,

    /// <summary><see cref="GaussianLossOptions.Gwd"/>.</summary>
    Gwd,

    /// <summary><see cref="GaussianLossOptions.Kld"/>.</summary>
    Kld,

    /// <summary><see cref="GaussianLossOptions.ReverseKld"/>.</summary>
    ReverseKld,

    /// <summary><see cref="KalmanFilterIouLoss"/>.</summary>
    KfIou,
}

/// <summary>What the box loss of a batch is divided by.</summary>
public enum RotatedLossDivisor
{
    /// <summary>The number of positives, as the classification loss.</summary>
    Positives,

    /// <summary>On each level the number of its positives, summed over the levels: as the published KLD, which ignores the other number.</summary>
    LevelPositives,
}

/// <summary>Options of a <see cref="RotatedRetinaCriterion"/>.</summary>
public sealed record RotatedRetinaOptions
{
    /// <summary>The classification loss.</summary>
    public FocalOptions Classification { get; init; } = new();

    /// <summary>The box loss.</summary>
    public RotatedBoxLossKind BoxLoss { get; init; } = RotatedBoxLossKind.SmoothL1;

    /// <summary>Factor of the box loss, at least 0: 5 for GWD, 1 for the others.</summary>
    public double BoxWeight { get; init; } = 1;

    /// <summary>Smooth L1: where the parabola ends; 0: plain L1.</summary>
    public double Beta { get; init; }

    /// <summary>KFIoU: what becomes of the overlap.</summary>
    public KalmanFilterIouMap KalmanMap { get; init; } = KalmanFilterIouMap.Ln;

    /// <summary>What the box loss is divided by.</summary>
    public RotatedLossDivisor Divisor { get; init; } = RotatedLossDivisor.Positives;
}
