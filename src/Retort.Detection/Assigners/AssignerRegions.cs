using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>The regions of any assigner, each made when it is asked for.</summary>
/// <param name="anchors">The boxes that overlaps are measured with.</param>
/// <param name="truth">The objects.</param>
/// <param name="owner">Level-major map of the object that each prior has, -1 for none.</param>
/// <param name="thresholds">The thresholds of the objects by kind.</param>
/// <param name="device">The device of the tensors.</param>
internal sealed class AssignerRegions(
    PriorGrid anchors, GroundTruthBatch truth, int[] owner, Func<RegionThreshold, float[]> thresholds, Device device) : IAssignerRegions
{
    public PriorGrid Anchors => anchors;

    public PriorSelection Remaining => Select(PriorKernels.Inside(anchors, truth, owner));

    public PriorSelection ValuableLocalization(ValuableRegionOptions options) =>
        Select(PriorKernels.ValuableRegion(anchors, truth, thresholds(options.Threshold), options, owner));

    private PriorSelection Select(float[] values) => PriorKernels.Compact(anchors, truth, values, device).Selection;
}
