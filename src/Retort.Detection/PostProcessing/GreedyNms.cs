using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Greedy non-maximum suppression: the best box stays, and boxes of its class that overlap it by more than the threshold go; then
/// the next best. Equal scores keep the order in which they come.
/// </summary>
/// <param name="IouThreshold">Overlap (IoU) above which a box goes, 0 to 1.</param>
/// <param name="ClassAgnostic">Whether boxes of other classes go as well.</param>
public sealed record GreedyNms(double IouThreshold = 0.6, bool ClassAgnostic = false) : ISuppression
{
    /// <inheritdoc/>
    public Detections Apply(Candidates candidates, int limit) => candidates.Take(Keep(candidates, limit));

    /// <summary>Indices of the candidates that stay, best first, at most <paramref name="limit"/>.</summary>
    public unsafe int[] Keep(Candidates candidates, int limit = int.MaxValue)
    {
        candidates.Boxes.Require(BoxForm.Upright);
        int[] keep = new int[candidates.Count];
        fixed (float* boxes = candidates.Boxes.Numbers, scores = candidates.Scores)
        {
            fixed (int* labels = candidates.Labels, kept = keep)
            {
                int count = NativeMethods.CheckCount(
                    NativeMethods.retort_nms(boxes, scores, ClassAgnostic ? null : labels, keep.Length, (float)IouThreshold, limit, kept));
                return keep[..count];
            }
        }
    }
}
