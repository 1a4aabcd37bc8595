using Retort.Detection.Dense;

namespace Retort.Detection.PostProcessing;

/// <summary>Decoded boxes of one image that passed the score filter, before suppression, in any order.</summary>
public sealed record Candidates
{
    /// <summary>Wraps arrays.</summary>
    /// <param name="boxes">See <see cref="Boxes"/>.</param>
    /// <param name="scores">See <see cref="Scores"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <param name="edges">See <see cref="Edges"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not belong together, or a label is negative.</exception>
    public Candidates(float[] boxes, float[] scores, int[] labels, int edges = 4)
    {
        if (boxes.Length != edges * scores.Length || labels.Length != scores.Length)
        {
            throw new ArgumentException($"{boxes.Length} box numbers ({edges} a box), {scores.Length} scores and {labels.Length} labels do not belong together");
        }

        if (labels.Any(label => label < 0))
        {
            throw new ArgumentException("a candidate has a negative label");
        }

        (Boxes, Scores, Labels, Edges) = (boxes, scores, labels, edges);
    }

    /// <summary>
    /// The numbers of each candidate's box in turn, pixels and radians; length E*K: x1, y1, x2, y2, or centre x, y, width, height, angle.
    /// </summary>
    public float[] Boxes { get; }

    /// <summary>Confidence in (0, 1]; length K.</summary>
    public float[] Scores { get; }

    /// <summary>0-based class; length K.</summary>
    public int[] Labels { get; }

    /// <summary>E, the numbers of a box: 4, or 5 for rotated boxes.</summary>
    public int Edges { get; }

    /// <summary>Number of candidates.</summary>
    public int Count => Scores.Length;

    /// <summary>Some candidates as final detections, in the order given.</summary>
    public Detections Take(int[] chosen)
    {
        var boxes = new float[Edges * chosen.Length];
        for (int k = 0; k < chosen.Length; k++)
        {
            Boxes.AsSpan(Edges * chosen[k], Edges).CopyTo(boxes.AsSpan(Edges * k));
        }

        return new Detections(boxes, Array.ConvertAll(chosen, k => Scores[k]), Array.ConvertAll(chosen, k => Labels[k])) { Edges = Edges };
    }

    /// <summary>Checks that the boxes are of the kind that a suppression is for.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    internal void Require(int edges)
    {
        if (Edges != edges)
        {
            throw new ArgumentException($"boxes of {edges} numbers are wanted, not of {Edges}");
        }
    }
}
