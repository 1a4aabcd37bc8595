using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>What happens to boxes that no detector can learn from; the same for every format.</summary>
internal static class BoxRules
{
    /// <summary>
    /// Overhang in pixels up to which a box stays as written: annotation tools round, and the resize of the training pipeline clips anyway.
    /// </summary>
    private const float ToleratedOverhang = 1f;

    /// <summary>The box to use, or null where it is dropped. Whatever is changed is reported.</summary>
    public static Box? Apply(Box box, int width, int height, DatasetReadOptions options, DatasetProblems problems, string file,
        string place)
    {
        if (!(float.IsFinite(box.X1) && float.IsFinite(box.Y1) && float.IsFinite(box.X2) && float.IsFinite(box.Y2)))
        {
            problems.Error(ProblemKind.BadNumber, file, place, $"the box {Text(box)} has a coordinate that is not a finite number",
                "Correct the number or delete the object.");
            return null;
        }

        if (options.BoxesAsWritten && box is { Width: >= 0, Height: >= 0 } && (options.KeepEmptyBoxes || !box.IsEmpty))
        {
            return box;
        }

        if (box.IsEmpty)
        {
            problems.Warn(ProblemKind.EmptyBox, file, place, $"the box {Text(box)} has no width or no height",
                "It is dropped; correct or delete the object.");
            return null;
        }

        Box clipped = box.Clip(width, height);
        if (clipped.IsEmpty)
        {
            problems.Warn(ProblemKind.BoxOutsideImage, file, place, $"the box {Text(box)} lies outside the image of {width} x {height}",
                "It is dropped; correct or delete the object.");
            return null;
        }

        if (Overhang(box, clipped) > ToleratedOverhang)
        {
            problems.Warn(ProblemKind.BoxOutsideImage, file, place, $"the box {Text(box)} reaches out of the image of {width} x {height}",
                "It is clipped; check the box and the annotated image size.");
            box = clipped;
        }

        return box.Width < options.MinimumSide || box.Height < options.MinimumSide ? null : box;
    }

    private static float Overhang(Box box, Box clipped) => Math.Max(
        Math.Max(clipped.X1 - box.X1, clipped.Y1 - box.Y1),
        Math.Max(box.X2 - clipped.X2, box.Y2 - clipped.Y2));

    private static string Text(Box box) => FormattableString.Invariant($"({box.X1:0.##}, {box.Y1:0.##}, {box.X2:0.##}, {box.Y2:0.##})");
}
