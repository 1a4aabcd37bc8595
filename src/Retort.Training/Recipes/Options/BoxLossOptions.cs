using Retort.Core.Options;
using Retort.Detection.Criteria;
using Retort.Detection.Losses;

namespace Retort.Training.Recipes;

/// <summary>The loss of the decoded boxes.</summary>
public sealed record BoxLossOptions
{
    /// <summary>The kind.</summary>
    public BoxLossKind Type { get; init; } = BoxLossKind.Giou;

    /// <summary>The factor in the sum of all losses.</summary>
    [Within(0, 1000)]
    public double Weight { get; init; } = 2;

    /// <summary>Smooth L1: where the parabola ends and the straight line begins; 0 for no parabola.</summary>
    [Within(0, 100)]
    public double Beta { get; init; }

    /// <summary>KFIoU: what becomes of the overlap.</summary>
    public KalmanFilterIouMap Form { get; init; } = KalmanFilterIouMap.Ln;

    /// <summary>Rotated boxes: what the loss is divided by.</summary>
    public RotatedLossDivisor Divisor { get; init; } = RotatedLossDivisor.Positives;
}

/// <summary>A loss of boxes.</summary>
public enum BoxLossKind
{
    /// <summary>Generalized IoU (Rezatofighi et al., 2019).</summary>
    Giou,

    /// <summary>Distance IoU (Zheng et al., 2020).</summary>
    Diou,

    /// <summary>Complete IoU (Zheng et al., 2020).</summary>
    Ciou,

    /// <summary>Rotated boxes: smooth L1 of the differences from the anchor.</summary>
    SmoothL1,

    /// <summary>Rotated boxes: Gaussian Wasserstein distance (Yang et al., 2021).</summary>
    Gwd,

    /// <summary>Rotated boxes: Kullback-Leibler divergence of Gaussians (Yang et al., 2021), as the authors' recipes have it.</summary>
    Kld,

    /// <summary>Rotated boxes: the root of the divergence the other way round, the other published form.</summary>
    ReverseKld,

    /// <summary>Rotated boxes: overlap of Gaussians by a Kalman filter (Yang et al., 2022).</summary>
    KfIou,
}
