using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;

namespace Retort.Samples.Extending;

/// <summary>A region: the priors whose centre lies in the middle third of an object, in width and in height.</summary>
public static class MiddleThird
{
    /// <summary>The region of a batch; the weight of each prior is one.</summary>
    public static PriorSelection Select(BatchAssignment assignment)
    {
        var values = new float[assignment.Targets.Count * assignment.Priors.Count];
        int at = 0;
        foreach (PriorLevel level in assignment.Priors.Levels)
        {
            foreach (ImageTargets image in assignment.Targets)
            {
                for (int k = level.Start; k < level.Start + level.Count; k++)
                {
                    values[at++] = IsInMiddle(assignment.Priors.Boxes.Slice(4 * k, 4), image) ? 1 : 0;
                }
            }
        }

        return PriorRegions.FromValues(assignment, values);
    }

    private static bool IsInMiddle(ReadOnlySpan<float> prior, ImageTargets image)
    {
        (float x, float y) = ((prior[0] + prior[2]) / 2, (prior[1] + prior[3]) / 2);
        for (int k = 0; k < image.Count; k++)
        {
            ReadOnlySpan<float> box = image.Boxes[k];
            if (Math.Abs(x - ((box[0] + box[2]) / 2)) <= (box[2] - box[0]) / 6
                && Math.Abs(y - ((box[1] + box[3]) / 2)) <= (box[3] - box[1]) / 6)
            {
                return true;
            }
        }

        return false;
    }
}
