using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Detection.Dense;

/// <summary>The ground truth of one image of a batch, in pixels of the network's input.</summary>
/// <param name="PadHeight">Height of the padded image that this image's valid cells are counted from, pixels.</param>
/// <param name="PadWidth">Width of the padded image, pixels.</param>
/// <param name="Height">Height of the image proper (after resizing, before padding), pixels.</param>
/// <param name="Width">Width of the image proper, pixels.</param>
/// <param name="Boxes">x1, y1, x2, y2 of each object in turn, pixels; length 4*G, G may be 0.</param>
/// <param name="Labels">0-based class of each object; length G.</param>
public sealed record ImageTargets(int PadHeight, int PadWidth, int Height, int Width, float[] Boxes, int[] Labels)
{
    /// <summary>
    /// Where the objects have rotated boxes: centre x, y, width, height and angle (radians, from x towards y) of each object in turn, pixels; length 5*G.
    /// Detectors of upright boxes do not look at them.
    /// </summary>
    public float[]? RotatedBoxes { get; init; }

    /// <summary>x1, y1, x2, y2 of each crowd or difficult object in turn, pixels; most assigners do not look at them.</summary>
    public float[] IgnoredBoxes { get; init; } = [];

    /// <summary>Number of objects.</summary>
    public int Count => Labels.Length;

    /// <summary>The ground truth of an image with rotated boxes.</summary>
    /// <param name="padHeight">See <see cref="PadHeight"/>.</param>
    /// <param name="padWidth">See <see cref="PadWidth"/>.</param>
    /// <param name="height">See <see cref="Height"/>.</param>
    /// <param name="width">See <see cref="Width"/>.</param>
    /// <param name="rotated">See <see cref="RotatedBoxes"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">There are not five numbers an object.</exception>
    public static ImageTargets Rotated(int padHeight, int padWidth, int height, int width, float[] rotated, int[] labels)
    {
        if (rotated.Length != 5 * labels.Length)
        {
            throw new ArgumentException($"{labels.Length} rotated boxes have five numbers each, but there are {rotated.Length}");
        }

        var boxes = new float[4 * labels.Length];
        for (int k = 0; k < labels.Length; k++)
        {
            ReadOnlySpan<float> r = rotated.AsSpan(5 * k, 5);
            Box around = new RotatedBox(r[0], r[1], r[2], r[3], r[4]).Enclosing;
            (boxes[4 * k], boxes[(4 * k) + 1], boxes[(4 * k) + 2], boxes[(4 * k) + 3]) = (around.X1, around.Y1, around.X2, around.Y2);
        }

        return new ImageTargets(padHeight, padWidth, height, width, boxes, labels) { RotatedBoxes = rotated };
    }
}
