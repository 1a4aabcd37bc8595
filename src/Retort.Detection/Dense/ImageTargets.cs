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
    /// <summary>Number of objects.</summary>
    public int Count => Labels.Length;
}
