namespace Retort.Evaluation.Voc;

/// <summary>
/// Boxes in VOC's form: top left and bottom right corner. <c>extra</c> is 1 where the bottom right corner belongs to the box, else 0.
/// </summary>
internal static class VocBox
{
    // The least union, which the reference divides by: two boxes without area do not overlap.
    private const double LeastUnion = 1e-6;

    public static double Area(ReadOnlySpan<double> box, double extra) => (box[2] - box[0] + extra) * (box[3] - box[1] + extra);

    public static double Overlap(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double extra)
    {
        double width = Math.Max(Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]) + extra, 0);
        double height = Math.Max(Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]) + extra, 0);
        double intersection = width * height;
        return intersection / Math.Max(Area(a, extra) + Area(b, extra) - intersection, LeastUnion);
    }
}
