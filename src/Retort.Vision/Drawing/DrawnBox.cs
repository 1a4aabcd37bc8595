using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Drawing;

/// <summary>A box to draw.</summary>
/// <param name="Box">Where, in pixels of the image.</param>
/// <param name="Label">Class index, 0-based; decides name and colour.</param>
/// <param name="Score">The detector's score, 0 to 1, written after the name; null for a ground-truth object.</param>
/// <param name="Dashed">Whether the line is dashed, as for crowds and difficult objects.</param>
/// <param name="Rotated">The rotated box in pixels, drawn instead of its enclosing <paramref name="Box"/>; null for an upright one.</param>
public readonly record struct DrawnBox(Box Box, int Label, float? Score = null, bool Dashed = false, RotatedBox? Rotated = null)
{
    /// <summary>The annotated objects of an image; crowds and difficult ones are dashed.</summary>
    public static IReadOnlyList<DrawnBox> Truth(ImageRecord record) =>
        [.. record.Objects.Select(o => new DrawnBox(o.Box, o.Label, Dashed: o.IsCrowd || o.Difficult, Rotated: o.Rotated))];
}
