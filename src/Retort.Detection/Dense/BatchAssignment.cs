using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>The positive priors of a batch, K over all levels and images, and what each of them is to predict.</summary>
/// <param name="Selection">Which priors; the weight is the IoU of prior and object.</param>
/// <param name="Labels">Class of each prior's object, 0-based, int64 [K].</param>
/// <param name="Boxes">The object's box, x1 y1 x2 y2 in pixels, float [K, 4].</param>
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
/// <param name="LabelWeights">For each level 1 where a prior is trained and 0 where it is ignored or off the image's padded area, float [N, P].</param>
/// <param name="PositiveNormalizer">Sum over the images of max(positives, 1): what the classification loss is divided by.</param>
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
}

/// <summary>Regions that only the assigner can tell, because they follow from its thresholds or ranges. They are computed when asked for.</summary>
public interface IAssignerRegions
{
    /// <summary>The valuable localization region; the weight is the IoU of prior and object.</summary>
    PriorSelection ValuableLocalization(ValuableRegionOptions options);
}

/// <summary>The overlap that the valuable localization region is bounded by.</summary>
public enum RegionOverlap
{
    /// <summary>Intersection over the prior's own area, less the centre term of the DIoU: what the published numbers were made with.</summary>
    Reference,

    /// <summary>The DIoU, as Algorithm 1 of the paper says.</summary>
    Diou,
}

/// <summary>Which priors around an object are valuable to localization (Zheng et al., Localization Distillation, Algorithm 1).</summary>
public sealed record ValuableRegionOptions
{
    /// <summary>Lower bound in parts of the positives' threshold, 0 to 1; 1 makes the region empty. Default 0.25.</summary>
    public double Gamma { get; init; } = 0.25;

    /// <summary>The overlap that is bounded.</summary>
    public RegionOverlap Overlap { get; init; } = RegionOverlap.Reference;

    /// <summary>Whether positives are left out. The published code leaves them in; the paper's region is disjoint from them.</summary>
    public bool ExcludePositives { get; init; }
}
