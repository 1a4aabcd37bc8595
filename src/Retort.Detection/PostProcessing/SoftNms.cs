using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>How overlap with a better box lowers a score.</summary>
public enum SoftNmsDecay
{
    /// <summary>From the threshold on to nothing, as greedy suppression does.</summary>
    Naive = 0,

    /// <summary>From the threshold on by 1 - IoU.</summary>
    Linear = 1,

    /// <summary>Always, by exp(-IoU^2 / sigma).</summary>
    Gaussian = 2,
}

/// <summary>
/// Suppression that lowers the score of a box by its overlap with better ones instead of removing it (Bodla et al. 2017, "Soft-NMS"). The
/// detections have the lowered scores. Equal scores keep the order in which they come.
/// </summary>
/// <param name="IouThreshold">Overlap (IoU) from which on a score is lowered, 0 to 1; of no matter to the gaussian decay.</param>
/// <param name="Decay">How overlap lowers a score.</param>
/// <param name="Sigma">Of the gaussian decay; above 0, the larger, the gentler.</param>
/// <param name="MinimumScore">A box whose score is below this beside a better one, or falls below it, is dropped, 0 to 1; the best box always stays, as in the reference.</param>
/// <param name="ClassAgnostic">Whether boxes of other classes lower a score as well.</param>
public sealed record SoftNms(
    double IouThreshold = 0.3, SoftNmsDecay Decay = SoftNmsDecay.Linear, double Sigma = 0.5, double MinimumScore = 1e-3, bool ClassAgnostic = false) : ISuppression
{
    /// <inheritdoc/>
    public Detections Apply(Candidates candidates, int limit)
    {
        (int[] kept, float[] scores) = Choose(candidates, limit);
        return candidates.Take(kept) with { Scores = scores };
    }

    /// <summary>Indices of the candidates that stay and their lowered scores, best first, at most <paramref name="limit"/>.</summary>
    public unsafe (int[] Kept, float[] Scores) Choose(Candidates candidates, int limit = int.MaxValue)
    {
        candidates.Boxes.Require(BoxForm.Upright);
        int[] keep = new int[candidates.Count];
        float[] lowered = new float[candidates.Count];
        fixed (float* boxes = candidates.Boxes.Numbers, scores = candidates.Scores, values = lowered)
        {
            fixed (int* labels = candidates.Labels, kept = keep)
            {
                int count = NativeMethods.CheckCount(NativeMethods.retort_soft_nms(
                    boxes, scores, ClassAgnostic ? null : labels, keep.Length, (int)Decay, (float)IouThreshold, (float)Sigma, (float)MinimumScore, limit, kept, values));
                return (keep[..count], lowered[..count]);
            }
        }
    }
}
