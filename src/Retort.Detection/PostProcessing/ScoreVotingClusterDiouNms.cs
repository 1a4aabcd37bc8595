using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Suppression by IoU less a penalty on the distance of the centres (Zheng et al. 2022, Cluster-NMS); each box that stays becomes
/// the mean of the boxes like it, weighted by score and likeness (Zhang et al. 2021, score voting). Scores stay as they are. Boxes
/// without area, for which the reference gives NaN, are alike to none.
/// </summary>
/// <param name="Threshold">Likeness above which a box goes, 0 to 1.</param>
/// <param name="VoteThreshold">Likeness above which a box votes, 0 to 1.</param>
/// <param name="VoteVariance">How fast a vote falls with unlikeness: its weight is score * exp(-(1 - likeness)^2 / variance); above 0.</param>
/// <param name="ClassAgnostic">Whether boxes of other classes go and vote as well.</param>
/// <param name="DistancePower">The power of the normalised squared distance of the centres in the penalty, above 0; 1 makes likeness DIoU.</param>
public sealed record ScoreVotingClusterDiouNms(
    double Threshold = 0.6, double VoteThreshold = 0.7, double VoteVariance = 0.025, bool ClassAgnostic = false, double DistancePower = 0.8) : ISuppression
{
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
                    boxes, scores, ClassAgnostic ? null : labels, keep.Length, (float)Threshold, (float)DistancePower, (float)VoteThreshold, (float)VoteVariance, limit, kept, means));
            }
        }

        return candidates.Take(keep[..count]) with { Boxes = Boxes.Upright(voted[..(4 * count)]) };
    }
}
