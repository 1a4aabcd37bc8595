using System.Globalization;

namespace Retort.Evaluation.Coco;

/// <summary>Boxes in COCO's form: x, y of the top left corner, width, height, in pixels, continuous coordinates.</summary>
internal static class CocoBox
{
    /// <summary>What is wrong with a box [4], or null.</summary>
    public static string? Problem(ReadOnlySpan<double> box)
    {
        if (!(double.IsFinite(box[0]) && double.IsFinite(box[1]) && double.IsFinite(box[2]) && double.IsFinite(box[3])))
        {
            return $"the bbox {Text(box)} has a value that is not a finite number";
        }

        return box[2] < 0 || box[3] < 0 ? $"the bbox {Text(box)} has a negative size" : null;
    }

    /// <summary>
    /// Intersection over union of a detection and an object; for a crowd region the intersection over the detection's own area, so that a
    /// detection anywhere inside the region counts as matching it.
    /// </summary>
    public static double Overlap(ReadOnlySpan<double> detection, ReadOnlySpan<double> truth, bool crowd)
    {
        double width = Math.Min(detection[0] + detection[2], truth[0] + truth[2]) - Math.Max(detection[0], truth[0]);
        double height = Math.Min(detection[1] + detection[3], truth[1] + truth[3]) - Math.Max(detection[1], truth[1]);
        if (width <= 0 || height <= 0)
        {
            return 0;
        }

        double intersection = width * height;
        double area = detection[2] * detection[3];
        return intersection / (crowd ? area : area + (truth[2] * truth[3]) - intersection);
    }

    private static string Text(ReadOnlySpan<double> box) =>
        string.Create(CultureInfo.InvariantCulture, $"[{box[0]}, {box[1]}, {box[2]}, {box[3]}]");
}
