using System.Globalization;
using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>What happens to four corners that no detector of rotated boxes can learn from.</summary>
internal static class RotatedBoxRules
{
    // The authors' code leaves out what is thinner.
    private const float LeastSide = 2f;

    // No window cuts so little out of an object that is still labelled in it; and single precision ends before a number that lost its point
    // does harm.
    private const float LargestShare = 10f;

    /// <summary>
    /// The object to use, or null where it is dropped. Whatever is changed is reported. Corners may lie outside the image, as those of
    /// windows do: the rotated box keeps them, the enclosing box is clipped.
    /// </summary>
    public static RotatedAnnotation? Apply(
        DotaObject written, int label, (int Width, int Height) image, DatasetReadOptions options, DatasetProblems problems, string file)
    {
        string place = $"line {written.Line}";
        float[] p = [.. written.Polygon.Select(v => (float)v)]; // the authors' code reads single precision
        var corners = new Quadrilateral(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
        if (corners.IsSelfCrossing)
        {
            problems.Warn(ProblemKind.CrossingPolygon, file, place, "the sides of the polygon cross each other",
                "The smallest rectangle around the four corners is used; check their order.");
            corners = corners.Uncrossed();
        }

        RotatedBox box = corners.ToRotatedBox(options.Angles);
        if (box.Width < LeastSide || box.Height < LeastSide)
        {
            problems.Warn(
                ProblemKind.EmptyBox, file, place,
                    string.Create(
                    CultureInfo.InvariantCulture,
                    $"the object is {box.Width:0.##} x {box.Height:0.##} pixels, thinner than {LeastSide}"),
                    "It is dropped; correct or delete the object.");
            return null;
        }

        if (Math.Max(box.Width, box.Height) > LargestShare * Math.Max(image.Width, image.Height))
        {
            problems.Warn(
                ProblemKind.BadNumber, file, place,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the object is {box.Width:0.##} x {box.Height:0.##} pixels, more than {LargestShare} times "
                    + $"as long as the image of {image.Width} x {image.Height}"),
                "It is dropped; correct its coordinates.");
            return null;
        }

        Box enclosing = corners.Enclosing.Clip(image.Width, image.Height);
        if (enclosing.IsEmpty)
        {
            problems.Warn(ProblemKind.BoxOutsideImage, file, place, $"the object lies outside the image of {image.Width} x {image.Height}",
                "It is dropped; correct or delete the object.");
            return null;
        }

        return Math.Min(box.Width, box.Height) < options.MinimumSide ? null
            : new RotatedAnnotation(box, enclosing, label, written.Difficulty > options.MaximumDifficulty);
    }
}
