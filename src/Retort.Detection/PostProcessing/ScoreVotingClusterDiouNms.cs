using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Suppression by IoU less a penalty on the distance of the centres (Zheng et al. 2022, Cluster-NMS); each box that stays becomes
/// the mean of the boxes like it, weighted by score and likeness (Zhang et al. 2021, score voting). Scores stay as they are. Boxes
/// without area, for which the reference gives NaN, are alike to none.
/// </summary>
public sealed record ScoreVotingClusterDiouNms : ISuppression
{
    /// <summary>A box is suppressed by a better one of its class that it is like by more than this.</summary>
    [Within(0, 1)]
    public double Iou { get; init; } = 0.6;

    /// <summary>Whether boxes of other classes are suppressed and vote as well.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>Boxes vote on a box that they are like by more than this (IoU less the distance of the centres).</summary>
    [Within(0, 1)]
    public double VoteThreshold { get; init; } = 0.7;

    /// <summary>
    /// Likeness is IoU less (squared distance of the centres / squared diagonal of the hull) to the power of this; 1 makes it DIoU.
    /// </summary>
    [Within(0, 10, Above = true)]
    public double DistancePower { get; init; } = 0.8;

    /// <summary>A vote weighs score * exp(-(1 - likeness)^2 / this).</summary>
    [Within(0, 100, Above = true)]
    public double VoteVariance { get; init; } = 0.025;

    /// <inheritdoc/>
    public unsafe Detections Apply(Candidates candidates, int limit)
    {
        candidates.Boxes.Require(BoxForm.Upright);
        int[] keep = new int[candidates.Count];
        float[] voted = new float[4 * candidates.Count];
        int count;
        fixed (float* boxes = candidates.Boxes.Numbers, scores = candidates.Scores, means = voted)
        {
            fixed (int* labels = candidates.Labels, kept = keep)
            {
                count = NativeMethods.CheckCount(NativeMethods.retort_voting_nms(
                    boxes, scores, ClassAgnostic ? null
                        : labels, keep.Length, (float)Iou, (float)DistancePower, (float)VoteThreshold, (float)VoteVariance, limit, kept,
                        means));
            }
        }

        return candidates.Take(keep[..count]) with { Boxes = Boxes.Upright(voted[..(4 * count)]) };
    }
}
