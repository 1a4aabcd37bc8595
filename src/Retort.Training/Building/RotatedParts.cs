using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>What the parts of detectors of rotated boxes share.</summary>
internal static class RotatedParts
{
    /// <summary>The range of predicted angles; null for detectors of upright boxes.</summary>
    public static AngleConvention? Convention(ModelOptions model) => model.IsRotated ? model.Head.Angles : null;

    /// <summary>The bins' values that checkpoints carry, by name.</summary>
    public static IReadOnlyList<(string Name, EdgeRange Range)> Integrals(HeadOptions head) =>
        head.RegMax == 0 ? [] : [("integral", ToRange(head.SideRange)), ("integral_angle", ToRange(head.AngleRange))];

    /// <summary>The losses.</summary>
    public static RotatedRetinaOptions ToRetina(LossOptions losses, FocalOptions classification) => new()
    {
        Classification = classification,
        BoxLoss = ToBoxLoss(losses.Box.Type),
        BoxWeight = losses.Box.Weight,
        Beta = losses.Box.Beta,
        KalmanMap = losses.Box.Form,
        Divisor = losses.Box.Divisor,
    };

    private static RotatedBoxLossKind ToBoxLoss(BoxLossKind kind) => kind switch
    {
        BoxLossKind.SmoothL1 => RotatedBoxLossKind.SmoothL1,
        BoxLossKind.Gwd => RotatedBoxLossKind.Gwd,
        BoxLossKind.Kld => RotatedBoxLossKind.Kld,
        BoxLossKind.ReverseKld => RotatedBoxLossKind.ReverseKld,
        BoxLossKind.KfIou => RotatedBoxLossKind.KfIou,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a loss of rotated boxes"),
    };

    /// <summary>The values that the bins of an edge stand for.</summary>
    public static EdgeRange ToRange(IReadOnlyList<double> range) => new(range[0], range[1]);
}
