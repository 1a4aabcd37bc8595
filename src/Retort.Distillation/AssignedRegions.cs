using Retort.Detection.Assigners;
using Retort.Detection.Dense;

namespace Retort.Distillation;

/// <summary>
/// The regions that follow from the label assignment alone, whatever the networks predict, so that they can be inspected without a network.
/// </summary>
public static class AssignedRegions
{
    /// <summary>Whether a region is one of these.</summary>
    /// <param name="region">The region.</param>
    public static bool Has(Region region) => region != Region.GeneralInstances;

    /// <summary>The priors of a region.</summary>
    /// <param name="assignment">The label assignment of a batch.</param>
    /// <param name="region">One for which <see cref="Has"/> is true.</param>
    /// <param name="valuable">Which valuable localization region; others ignore it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The region needs predictions.</exception>
    public static PriorSelection Select(BatchAssignment assignment, Region region, ValuableRegionOptions valuable) => region switch
    {
        Region.Main => assignment.Positives.Selection,
        Region.ValuableLocalization => assignment.Regions.ValuableLocalization(valuable),
        Region.InsideGroundTruth => PriorRegions.InsideGroundTruth(assignment),
        Region.OutsideGroundTruth => PriorRegions.OutsideGroundTruth(assignment),
        Region.FineGrained => PriorRegions.FineGrained(assignment),
        Region.FineGrainedReference => PriorRegions.FineGrainedReference(assignment),
        Region.Remaining => assignment.Regions.Remaining,
        Region.Everywhere => PriorRegions.Everywhere(assignment),
        _ => throw new ArgumentOutOfRangeException(nameof(region), region, "not a region of the label assignment alone"),
    };
}
