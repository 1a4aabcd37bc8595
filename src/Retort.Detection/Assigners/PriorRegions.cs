using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Priors;

namespace Retort.Detection.Assigners;

/// <summary>Regions of priors that follow from the ground truth alone, whatever the assigner. The weight of each prior is one.</summary>
public static class PriorRegions
{
    /// <summary>Priors whose centre lies strictly inside an object.</summary>
    public static PriorSelection InsideGroundTruth(BatchAssignment assignment) =>
        Select(assignment, truth => PriorKernels.Inside(assignment.Priors, truth));

    /// <summary>Priors whose centre lies in no object, on the images' own padded areas.</summary>
    public static PriorSelection OutsideGroundTruth(BatchAssignment assignment) =>
        Select(assignment, truth => PriorKernels.Valid(assignment.Priors, truth, PriorKernels.Inside(assignment.Priors, truth)));

    /// <summary>All priors on the images' own padded areas.</summary>
    public static PriorSelection Everywhere(BatchAssignment assignment) =>
        Select(assignment, truth => PriorKernels.Valid(assignment.Priors, truth));

    /// <summary>Priors near an object (Wang et al., Distilling Object Detectors with Fine-grained Feature Imitation).</summary>
    /// <param name="assignment">Priors and ground truth.</param>
    /// <param name="share">The IoU with an object must exceed this share of the largest that the object has with any prior; the paper's is
    /// one half.</param>
    public static PriorSelection FineGrained(BatchAssignment assignment, double share = 0.5) =>
        Select(assignment, truth => PriorKernels.FineGrained(assignment.Regions.Anchors, truth, share));

    /// <summary>
    /// The same as the published code of rotated detectors has it: boxes are taken as if their angle were zero, and of the n cells of a
    /// level prior k marks cell k modulo n. The priors given are the first of each marked cell.
    /// </summary>
    public static PriorSelection FineGrainedReference(BatchAssignment assignment, double share = 0.5)
    {
        float[] mask = FineGrainedMask(assignment, share);
        int images = assignment.Targets.Count, perCell = assignment.Priors.PerCell;
        var marked = new float[mask.Length];
        foreach (PriorLevel level in assignment.Priors.Levels)
        {
            (int cells, int start) = (level.Count / perCell, images * level.Start);
            for (int k = 0; k < images * level.Count; k++)
            {
                (int image, int prior) = (k / level.Count, k % level.Count);
                int place = start + (image * level.Count) + (prior % cells * perCell);
                marked[place] = Math.Max(marked[place], mask[start + k]);
            }
        }

        return FromValues(assignment, marked);
    }

    /// <summary>Level-major map of the anchors near an object, as the published code finds them before it groups them.</summary>
    internal static float[] FineGrainedMask(BatchAssignment assignment, double share = 0.5)
    {
        var truth = new GroundTruthBatch(
            [.. assignment.Targets.Select(t => assignment.Form == BoxForm.Rotated ? RotatedTargets.WithZeroAngle(t) : t)]);
        return PriorKernels.FineGrained(assignment.Regions.Anchors, truth, share);
    }

    /// <summary>Priors whose value in a map is above zero; the value is their weight.</summary>
    /// <param name="assignment">Priors and ground truth.</param>
    /// <param name="values">By level, image and prior; as long as images * priors.</param>
    /// <exception cref="ArgumentException">The map has another length.</exception>
    public static PriorSelection FromValues(BatchAssignment assignment, float[] values) =>
        values.Length == assignment.Targets.Count * assignment.Priors.Count
        ? Select(assignment, _ => values)
        : throw new ArgumentException($"{assignment.Targets.Count} images of {assignment.Priors.Count} priors, but {values.Length} values");

    private static PriorSelection Select(BatchAssignment assignment, Func<GroundTruthBatch, float[]> values)
    {
        var truth = new GroundTruthBatch(assignment.Targets, assignment.Form);
        return PriorKernels.Compact(assignment.Priors, truth, values(truth), assignment.Device).Selection;
    }
}
