namespace Retort.Detection.Dense;

/// <summary>The final detections of one image, best first.</summary>
/// <param name="Boxes">x1, y1, x2, y2 of each detection in turn, pixels of the image before resizing; length 4*K.</param>
/// <param name="Scores">Confidence in (0, 1]; length K.</param>
/// <param name="Labels">0-based class; length K.</param>
public sealed record Detections(float[] Boxes, float[] Scores, int[] Labels)
{
    /// <summary>Number of detections.</summary>
    public int Count => Scores.Length;
}
