using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Native;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Greedy non-maximum suppression: the best box stays, and boxes of its class that overlap it by more than the threshold are dropped; then
/// the next best. Equal scores keep the order in which they come. Of rotated boxes the exact overlap counts, and classes are kept apart as
/// published, by shifting each by (largest of all box numbers + 1) along both axes.
/// </summary>
public sealed record GreedyNms : ISuppression
{
    /// <summary>A box is suppressed by a better one of its class that it overlaps by more than this.</summary>
    [Within(0, 1)]
    public double Iou { get; init; } = 0.6;

    /// <summary>Whether boxes of other classes are suppressed as well.</summary>
    public bool ClassAgnostic { get; init; }

    /// <inheritdoc/>
    public Detections Apply(Candidates candidates, int limit) => candidates.Take(Keep(candidates, limit));

    /// <summary>Indices of the candidates that stay, best first, at most <paramref name="limit"/>.</summary>
    /// <param name="candidates">Upright or rotated boxes.</param>
    /// <param name="limit">How many may stay.</param>
    public unsafe int[] Keep(Candidates candidates, int limit = int.MaxValue)
    {
        int[] keep = new int[candidates.Count];
        fixed (float* boxes = candidates.Boxes.Numbers, scores = candidates.Scores)
        {
            fixed (int* labels = candidates.Labels, kept = keep)
            {
                int* classes = ClassAgnostic ? null : labels;
                int count = NativeMethods.CheckCount(candidates.Boxes.Form == BoxForm.Upright
                    ? NativeMethods.retort_nms(boxes, scores, classes, keep.Length, (float)Iou, limit, kept)
                    : NativeMethods.retort_rotated_nms(boxes, scores, classes, keep.Length, (float)Iou, limit, kept));
                return keep[..count];
            }
        }
    }
}
