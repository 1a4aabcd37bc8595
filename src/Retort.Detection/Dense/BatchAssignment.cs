using Retort.Core.Geometry;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>The positive priors of a batch, K over all levels and images, and what each of them is to predict.</summary>
/// <param name="Selection">Which priors; the weight is the IoU of prior and object.</param>
/// <param name="Labels">Class of each prior's object, 0-based, int64 [K].</param>
/// <param name="Boxes">The object's box, pixels, float [K, E]: x1 y1 x2 y2, or centre x, y, width, height, angle.</param>
/// <param name="Priors">The prior's box, pixels, float [K, 4].</param>
/// <param name="Strides">Stride of the prior's level, pixels, float [K, 1].</param>
public sealed record PositiveTargets(PriorSelection Selection, Tensor Labels, Tensor Boxes, Tensor Priors, Tensor Strides)
{
    /// <summary>K, known on the host.</summary>
    public int Count => Selection.Count;
}

/// <summary>The label assignment of a batch, computed for all images at once.</summary>
/// <param name="Priors">The priors that were assigned.</param>
/// <param name="Targets">The ground truth of each image.</param>
/// <param name="Positives">The priors that are responsible for an object.</param>
/// <param name="LabelWeights">For each level 1 where a prior is trained and 0 where it is ignored or off the image's padded area, float [N,
/// P].</param>
/// <param name="PositiveNormalizer">What the classification loss is divided by: the positives, counted as the assigner's detector does, at
/// least 1.</param>
/// <param name="Regions">Regions that follow from the assigner's own work.</param>
public sealed record BatchAssignment(
    PriorGrid Priors,
    IReadOnlyList<ImageTargets> Targets,
    PositiveTargets Positives,
    IReadOnlyList<Tensor> LabelWeights,
    double PositiveNormalizer,
    IAssignerRegions Regions)
{
    /// <summary>Where the tensors lie.</summary>
    public Device Device => Positives.Labels.Device;

    /// <summary>
    /// The form of the boxes that are predicted. A detector of upright boxes ignores rotated ones that its data may have.
    /// </summary>
    public BoxForm Form => BoxForms.FromNumbers(Positives.Boxes.Size(1));
}

/// <summary>Regions that only the assigner knows, because they follow from its thresholds or ranges. They are computed on demand.</summary>
public interface IAssignerRegions
{
    /// <summary>
    /// The boxes that overlaps with objects are measured with, as many as there are priors: the priors themselves, or the preset anchors of
    /// a detector whose priors are points.
    /// </summary>
    PriorGrid Anchors { get; }

    /// <summary>
    /// Priors with their centre inside an object that are not positive; weight one. Where FCOS distils in addition to its positives.
    /// </summary>
    PriorSelection Remaining { get; }

    /// <summary>The valuable localization region; the weight is the IoU of prior and object.</summary>
    PriorSelection ValuableLocalization(ValuableRegionOptions options);
}

/// <summary>The overlap that the valuable localization region is bounded by.</summary>
public enum RegionOverlap
{
    /// <summary>
    /// Intersection over the prior's own area, less the centre term of the DIoU: what the published numbers were made with.
    /// </summary>
    Reference,

    /// <summary>The DIoU, as Algorithm 1 of the paper says.</summary>
    Diou,
}

/// <summary>The threshold of an object that the valuable localization region lies below.</summary>
public enum RegionThreshold
{
    /// <summary>
    /// What ATSS would call positive: mean plus deviation of the nearest anchors' IoU. The published code's, whatever the assigner.
    /// </summary>
    Adaptive,

    /// <summary>
    /// The assigner's own for positives, as Algorithm 1 of the paper says, over all anchors of all cells: a constant with max-IoU
    /// assignment. The same as <see cref="Adaptive"/> for ATSS, and for FCOS, which has none.
    /// </summary>
    Assigner,
}

/// <summary>Which priors around an object are valuable to localization (Zheng et al., Localization Distillation, Algorithm 1).</summary>
public sealed record ValuableRegionOptions
{
    /// <summary>Lower bound in parts of the positives' threshold, 0 to 1; 1 makes the region empty. Default 0.25.</summary>
    public double Gamma { get; init; } = 0.25;

    /// <summary>The overlap that is bounded.</summary>
    public RegionOverlap Overlap { get; init; } = RegionOverlap.Reference;

    /// <summary>The threshold that the region lies below.</summary>
    public RegionThreshold Threshold { get; init; } = RegionThreshold.Adaptive;

    /// <summary>Whether positives are left out. The published code leaves them in; the paper's region is disjoint from them.</summary>
    public bool ExcludePositives { get; init; }
}
