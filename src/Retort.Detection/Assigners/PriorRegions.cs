using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>Regions of priors that follow from the ground truth alone, whatever the assigner. The weight of each prior is one.</summary>
public static class PriorRegions
{
    /// <summary>Priors whose centre lies strictly inside an object.</summary>
    public static PriorSelection InsideGroundTruth(BatchAssignment assignment) => Select(assignment, truth => PriorKernels.Inside(assignment.Priors, truth));

    /// <summary>Priors whose centre lies in no object, on the images' own padded areas.</summary>
    public static PriorSelection OutsideGroundTruth(BatchAssignment assignment) =>
        Select(assignment, truth => PriorKernels.Valid(assignment.Priors, truth, PriorKernels.Inside(assignment.Priors, truth)));

    /// <summary>All priors on the images' own padded areas.</summary>
    public static PriorSelection Everywhere(BatchAssignment assignment) => Select(assignment, truth => PriorKernels.Valid(assignment.Priors, truth));

    /// <summary>Priors near an object (Wang et al., Distilling Object Detectors with Fine-grained Feature Imitation).</summary>
    /// <param name="assignment">Priors and ground truth.</param>
    /// <param name="share">The IoU with an object must exceed this share of the largest that the object has with any prior; the paper's is one half.</param>
    public static PriorSelection FineGrained(BatchAssignment assignment, double share = 0.5) =>
        Select(assignment, truth => PriorKernels.FineGrained(assignment.Regions.Anchors, truth, share));

    /// <summary>Priors whose value in a map is above zero; the value is their weight.</summary>
    /// <param name="assignment">Priors and ground truth.</param>
    /// <param name="values">By level, image and prior; as long as images * priors.</param>
    /// <exception cref="ArgumentException">The map has another length.</exception>
    public static PriorSelection FromValues(BatchAssignment assignment, float[] values) => values.Length == assignment.Targets.Count * assignment.Priors.Count
        ? Select(assignment, _ => values)
        : throw new ArgumentException($"{assignment.Targets.Count} images of {assignment.Priors.Count} priors, but {values.Length} values");

    private static PriorSelection Select(BatchAssignment assignment, Func<BatchTruth, float[]> values)
    {
        var truth = new BatchTruth(assignment.Targets);
        return PriorKernels.Compact(assignment.Priors, truth, values(truth), assignment.Device).Selection;
    }
}
