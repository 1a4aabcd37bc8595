using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Detection.PostProcessing;

/// <summary>Decoded boxes of one image that passed the score filter, before suppression, in any order.</summary>
public sealed record Candidates
{
    /// <summary>Wraps arrays.</summary>
    /// <param name="boxes">See <see cref="Boxes"/>.</param>
    /// <param name="scores">See <see cref="Scores"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">The numbers of boxes, scores and labels differ, or a label is negative.</exception>
    public Candidates(Boxes boxes, float[] scores, int[] labels)
    {
        if (boxes.Count != scores.Length || labels.Length != scores.Length)
        {
            throw new ArgumentException($"{boxes.Count} boxes, {scores.Length} scores and {labels.Length} labels do not belong together");
        }

        if (labels.Any(label => label < 0))
        {
            throw new ArgumentException("a candidate has a negative label");
        }

        (Boxes, Scores, Labels) = (boxes, scores, labels);
    }

    /// <summary>K boxes, pixels.</summary>
    public Boxes Boxes { get; }

    /// <summary>Confidence in (0, 1]; length K.</summary>
    public float[] Scores { get; }

    /// <summary>0-based class; length K.</summary>
    public int[] Labels { get; }

    /// <summary>Number of candidates.</summary>
    public int Count => Scores.Length;

    /// <summary>Some candidates as final detections, in the order given.</summary>
    /// <param name="chosen">Indices of candidates.</param>
    public Detections Take(int[] chosen) =>
        new(Boxes.Select(chosen), Array.ConvertAll(chosen, k => Scores[k]), Array.ConvertAll(chosen, k => Labels[k]));
}
