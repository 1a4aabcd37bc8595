using Retort.Core.Geometry;
using Retort.Core.Options;
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
public sealed record SoftNms : ISuppression
{
    /// <summary>
    /// Overlap with a better box of its class from which on a box's score is lowered; without effect on the gaussian decay.
    /// </summary>
    [Within(0, 1)]
    public double Iou { get; init; } = 0.6;

    /// <summary>Whether boxes of other classes lower a score as well.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>How overlap lowers a score.</summary>
    public SoftNmsDecay Decay { get; init; } = SoftNmsDecay.Linear;

    /// <summary>The larger, the less overlap lowers a score.</summary>
    [Within(0, 100, Above = true)]
    [OnlyWith(nameof(Decay), SoftNmsDecay.Gaussian)]
    public double Sigma { get; init; } = 0.5;

    /// <summary>
    /// Boxes whose score is below this beside a better one, or falls below it, are dropped; the best one of an image stays, as in the
    /// reference.
    /// </summary>
    [Within(0, 1)]
    public double MinScore { get; init; } = 0.001;

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
                    boxes, scores, ClassAgnostic ? null
                        : labels, keep.Length, (int)Decay, (float)Iou, (float)Sigma, (float)MinScore, limit, kept, values));
                return (keep[..count], lowered[..count]);
            }
        }
    }
}
