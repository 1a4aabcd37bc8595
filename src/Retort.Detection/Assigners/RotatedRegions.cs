using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>
/// The regions of rotated objects. The valuable localization region of <see cref="RegionOverlap.Reference"/> is the published code's: boxes
/// are taken as if their angle were zero, and every prior that overlaps one by gamma times its ATSS threshold belongs to the region, also
/// above the threshold. <see cref="RegionOverlap.Diou"/> is the paper's Algorithm 1 with rotated overlaps, in the adaptive threshold as in
/// the bounds.
/// </summary>
/// <param name="upright">The regions of the upright boxes around the objects.</param>
/// <param name="truth">The objects.</param>
/// <param name="targets">The same, image by image.</param>
/// <param name="owner">Level-major map of the object that each prior has, -1 for none.</param>
/// <param name="options">The assigner's threshold for positives, and the candidates of each object on each level for the adaptive
/// one.</param>
/// <param name="device">The device of the tensors.</param>
internal sealed class RotatedRegions(
    AssignerRegions upright, GroundTruthBatch truth, IReadOnlyList<ImageTargets> targets, int[] owner, MaxIouOptions options, Device device)
        : IAssignerRegions
{
    public PriorGrid Anchors => upright.Anchors;

    public PriorSelection Remaining => upright.Remaining;

    public PriorSelection ValuableLocalization(ValuableRegionOptions region)
    {
        float[]? thresholds = region.Threshold == RegionThreshold.Assigner
            ? [.. Enumerable.Repeat((float)options.PositiveIou, truth.Labels.Length)] : null;
        float[] values = region.Overlap == RegionOverlap.Diou
            ? PriorKernels.RotatedValuableRegion(Anchors, truth, thresholds, options.TopK, region.Gamma)
            : Published(thresholds, region.Gamma);
        for (int k = 0; region.ExcludePositives && k < values.Length; k++)
        {
            values[k] = owner[k] < 0 ? values[k] : 0;
        }

        return PriorKernels.Compact(Anchors, truth, values, device).Selection;
    }

    private float[] Published(float[]? thresholds, double gamma)
    {
        var withZeroAngle = new GroundTruthBatch([.. targets.Select(RotatedTargets.WithZeroAngle)]);
        return PriorKernels.OverlapRegion(
            Anchors, withZeroAngle, thresholds ?? PriorKernels.AtssThresholds(Anchors, withZeroAngle, options.TopK), gamma);
    }
}
