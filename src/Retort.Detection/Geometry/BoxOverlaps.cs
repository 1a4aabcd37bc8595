using Retort.Torch;

namespace Retort.Detection.Geometry;

/// <summary>How the overlap of two boxes is measured.</summary>
public enum OverlapKind
{
    /// <summary>Intersection over union, 0 to 1.</summary>
    Iou,

    /// <summary>Intersection over the first box's area, 0 to 1.</summary>
    Iof,

    /// <summary>IoU less the share of the hull that the union leaves free, -1 to 1 (Rezatofighi et al., GIoU).</summary>
    Giou,

    /// <summary>IoU less the squared distance of centres over the squared diagonal of the hull, -1 to 1 (Zheng et al., DIoU).</summary>
    Diou,

    /// <summary>
    /// The same with the intersection over the first box's area: what the published valuable localization region is made with.
    /// </summary>
    ReferenceDiou,
}

/// <summary>Overlaps of boxes as pure functions of tensors; x1 y1 x2 y2, any unit, no pixel is added to widths.</summary>
public static class BoxOverlaps
{
    /// <summary>Overlap of every box with every other, float [M, N].</summary>
    /// <param name="first">Float [M, 4].</param>
    /// <param name="second">Float [N, 4].</param>
    /// <param name="kind">The measure.</param>
    /// <param name="epsilon">Smallest area, or squared length, that is divided by.</param>
    public static Tensor Pairwise(Tensor first, Tensor second, OverlapKind kind = OverlapKind.Iou, double epsilon = 1e-6) =>
        Measure(first.Unsqueeze(1), second.Unsqueeze(0), kind, epsilon);

    /// <summary>Overlap of each box with its counterpart, float [M].</summary>
    /// <param name="first">Float [M, 4].</param>
    /// <param name="second">Float [M, 4].</param>
    /// <param name="kind">The measure.</param>
    /// <param name="epsilon">Smallest area, or squared length, that is divided by.</param>
    public static Tensor Aligned(Tensor first, Tensor second, OverlapKind kind = OverlapKind.Iou, double epsilon = 1e-6) =>
        Measure(first, second, kind, epsilon);

    private static Tensor Measure(Tensor first, Tensor second, OverlapKind kind, double epsilon)
    {
        (Tensor a, Tensor b) = (Area(first), Area(second));
        Tensor overlap = Product(Extent(
            Tensor.Maximum(first.Narrow(-1, 0, 2), second.Narrow(-1, 0, 2)),
                Tensor.Minimum(first.Narrow(-1, 2, 2), second.Narrow(-1, 2, 2))));
        bool overFirst = kind is OverlapKind.Iof or OverlapKind.ReferenceDiou;
        Tensor union = AtLeast(overFirst ? a.Add(b.ZerosLike()) : a + b - overlap, epsilon);
        Tensor ratio = overlap / union;
        if (kind is OverlapKind.Iou or OverlapKind.Iof)
        {
            return ratio;
        }

        Tensor hull = Extent(
            Tensor.Minimum(first.Narrow(-1, 0, 2), second.Narrow(-1, 0, 2)),
                Tensor.Maximum(first.Narrow(-1, 2, 2), second.Narrow(-1, 2, 2)));
        if (kind == OverlapKind.Giou)
        {
            Tensor area = AtLeast(Product(hull), epsilon);
            return ratio - ((area - union) / area);
        }

        return ratio - (CentreDistance(first, second) / AtLeast(hull.Square().Sum([-1]), epsilon));
    }

    private static Tensor CentreDistance(Tensor first, Tensor second)
    {
        Tensor doubled = second.Narrow(-1, 0, 2) + second.Narrow(-1, 2, 2) - (first.Narrow(-1, 0, 2) + first.Narrow(-1, 2, 2));
        return (doubled.Square() / 4).Sum([-1]);
    }

    private static Tensor Extent(Tensor low, Tensor high) => (high - low).Clamp(min: 0);

    private static Tensor Area(Tensor boxes) => Product(boxes.Narrow(-1, 2, 2) - boxes.Narrow(-1, 0, 2));

    private static Tensor Product(Tensor extent) => extent.Select(-1, 0) * extent.Select(-1, 1);

    private static Tensor AtLeast(Tensor value, double floor) => value.Clamp(min: floor);
}
