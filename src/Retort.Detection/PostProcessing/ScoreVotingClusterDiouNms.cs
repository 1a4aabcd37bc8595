using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Suppression by IoU less a penalty on the distance of the centres (Zheng et al. 2022, Cluster-NMS); each box that stays becomes
/// the mean of the boxes like it, weighted by score and likeness (Zhang et al. 2021, score voting). Scores stay as they are. Boxes
/// without area, for which the reference gives NaN, are alike to none.
/// </summary>
/// <param name="Threshold">Likeness above which a box goes, 0 to 1.</param>
public sealed record ScoreVotingClusterDiouNms(double Threshold = 0.6) : ISuppression
{
    /// <inheritdoc/>
    public unsafe Detections Apply(Candidates candidates, int limit)
    {
        candidates.Require(edges: 4);
        int[] keep = new int[candidates.Count];
        float[] voted = new float[4 * candidates.Count];
        int count;
        fixed (float* boxes = candidates.Boxes, scores = candidates.Scores, means = voted)
        {
            fixed (int* labels = candidates.Labels, kept = keep)
            {
                count = NativeMethods.retort_voting_nms(boxes, scores, labels, keep.Length, (float)Threshold, limit, kept, means);
            }
        }

        int[] chosen = keep[..count];
        return new Detections(voted[..(4 * count)], Array.ConvertAll(chosen, k => candidates.Scores[k]), Array.ConvertAll(chosen, k => candidates.Labels[k]));
    }
}
