using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>Box losses made of overlaps.</summary>
public enum BoxLossKind
{
    /// <summary>-ln IoU (Yu et al., UnitBox).</summary>
    Iou,

    /// <summary>1 - GIoU (Rezatofighi et al.).</summary>
    Giou,

    /// <summary>1 - DIoU (Zheng et al., Distance-IoU Loss, Eq. 7).</summary>
    Diou,

    /// <summary>1 - CIoU (Zheng et al., Distance-IoU Loss, Eq. 10).</summary>
    Ciou,
}

/// <summary>Losses of boxes against their targets as pure functions; x1 y1 x2 y2 in any unit.</summary>
public static class BoxLoss
{
    /// <summary>Loss of each box, float [K]; the caller weighs and reduces.</summary>
    /// <param name="predictions">Float [K, 4].</param>
    /// <param name="targets">Float [K, 4].</param>
    /// <param name="kind">The measure.</param>
    /// <param name="epsilon">Keeps divisions and logarithms finite; 1e-6 as published.</param>
    /// <param name="guardAspect">
    /// CIoU only: keeps the divisor of its aspect term above zero. Without it a prediction that equals its target gives NaN in float32, as
    /// the published code does; all other values are the same to rounding.
    /// </param>
    public static Tensor Rows(Tensor predictions, Tensor targets, BoxLossKind kind, double epsilon = 1e-6, bool guardAspect = true) =>
        kind switch
        {
            BoxLossKind.Iou => -BoxOverlaps.Aligned(predictions, targets, OverlapKind.Iou, 1e-6).Clamp(min: epsilon).Log(),
            BoxLossKind.Giou => 1.0 - BoxOverlaps.Aligned(predictions, targets, OverlapKind.Giou, epsilon),
            BoxLossKind.Diou => 1.0 - Diou(predictions, targets, epsilon).Diou,
            BoxLossKind.Ciou => Ciou(predictions, targets, epsilon, guardAspect),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown box loss"),
        };

    // Other than the overlaps of assignment, the published losses add epsilon to the divisors instead of bounding them.
    private static (Tensor Diou, Tensor Iou) Diou(Tensor predictions, Tensor targets, double epsilon)
    {
        (Tensor lowP, Tensor highP) = (predictions.Narrow(1, 0, 2), predictions.Narrow(1, 2, 2));
        (Tensor lowT, Tensor highT) = (targets.Narrow(1, 0, 2), targets.Narrow(1, 2, 2));
        Tensor overlap = Product((Tensor.Minimum(highP, highT) - Tensor.Maximum(lowP, lowT)).Clamp(min: 0));
        Tensor iou = overlap / (Product(highP - lowP) + Product(highT - lowT) - overlap + epsilon);
        Tensor hull = (Tensor.Maximum(highP, highT) - Tensor.Minimum(lowP, lowT)).Clamp(min: 0);
        Tensor distance = ((lowT + highT) - (lowP + highP)).Square().Sum([1]) / 4;
        return (iou - (distance / (hull.Square().Sum([1]) + epsilon)), iou);
    }

    private static Tensor Ciou(Tensor predictions, Tensor targets, double epsilon, bool guardAspect)
    {
        (Tensor diou, Tensor iou) = Diou(predictions, targets, epsilon);
        Tensor aspect = (Angle(targets, epsilon) - Angle(predictions, epsilon)).Square() * (4 / (Math.PI * Math.PI));
        Tensor divisor = 1.0 - iou + aspect;
        return 1.0 - (diou - (aspect.Square() / (guardAspect ? divisor.Clamp(min: epsilon) : divisor)));
    }

    private static Tensor Angle(Tensor boxes, double epsilon)
    {
        Tensor extent = boxes.Narrow(1, 2, 2) - boxes.Narrow(1, 0, 2);
        return (extent.Select(1, 0) / (extent.Select(1, 1) + epsilon)).Atan();
    }

    private static Tensor Product(Tensor extent) => extent.Select(1, 0) * extent.Select(1, 1);
}
