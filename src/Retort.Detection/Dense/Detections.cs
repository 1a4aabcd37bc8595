namespace Retort.Detection.Dense;

/// <summary>The final detections of one image, best first.</summary>
/// <param name="Boxes">
/// The numbers of each detection's box in turn, pixels of the image before resizing; length E*K: x1, y1, x2, y2, or centre x, y, width,
/// height and angle (radians, from x towards y).
/// </param>
/// <param name="Scores">Confidence in (0, 1]; length K.</param>
/// <param name="Labels">0-based class; length K.</param>
public sealed record Detections(float[] Boxes, float[] Scores, int[] Labels)
{
    /// <summary>E, the numbers of a box: 4, or 5 for rotated boxes.</summary>
    public int Edges { get; init; } = 4;

    /// <summary>Number of detections.</summary>
    public int Count => Scores.Length;
}
