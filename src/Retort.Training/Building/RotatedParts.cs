using Retort.Core.Geometry;
using Retort.Detection.Criteria;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>What the parts of detectors of rotated boxes share: how a box is told from the numbers that are predicted.</summary>
internal static class RotatedParts
{
    /// <summary>How boxes are told from five numbers; null for detectors of upright boxes.</summary>
    public static RotatedBoxDecoder? Decoder(ModelOptions model) => Convention(model) is { } convention
        ? new RotatedBoxDecoder(
            new RotatedCoderOptions { Convention = convention, EdgeSwap = model.Head.EdgeSwap, NormFactor = model.Head.NormFactor },
            model.Head.RegMax == 0 ? null : Ranges(model.Head))
        : null;

    /// <summary>The range of predicted angles; null for detectors of upright boxes.</summary>
    public static AngleConvention? Convention(ModelOptions model) => DetectorParts.Of(model.Detector).Rotated ? model.Head.Angles : null;

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

    private static EdgeRange[] Ranges(HeadOptions head) => [.. Enumerable.Repeat(ToRange(head.SideRange), 4), ToRange(head.AngleRange)];

    private static EdgeRange ToRange(IReadOnlyList<double> range) => new(range[0], range[1]);
}
