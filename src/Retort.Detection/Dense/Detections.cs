using Retort.Core.Geometry;

namespace Retort.Detection.Dense;

/// <summary>The final detections of one image, highest score first.</summary>
/// <param name="Boxes">K boxes, pixels of the original image.</param>
/// <param name="Scores">Confidence in (0, 1]; length K.</param>
/// <param name="Labels">0-based class; length K.</param>
public sealed record Detections(Boxes Boxes, float[] Scores, int[] Labels)
{
    /// <summary>Number of detections.</summary>
    public int Count => Scores.Length;
}
