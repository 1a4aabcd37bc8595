namespace Retort.Detection.PostProcessing;

/// <summary>Decoded boxes of one image that passed the score filter, before suppression, in any order.</summary>
public sealed record Candidates
{
    /// <summary>Wraps arrays.</summary>
    /// <exception cref="ArgumentException">The lengths do not belong together, or a label is negative.</exception>
    public Candidates(float[] boxes, float[] scores, int[] labels)
    {
        if (boxes.Length != 4 * scores.Length || labels.Length != scores.Length)
        {
            throw new ArgumentException($"{boxes.Length} box numbers, {scores.Length} scores and {labels.Length} labels do not belong together");
        }

        if (labels.Any(label => label < 0))
        {
            throw new ArgumentException("a candidate has a negative label");
        }

        (Boxes, Scores, Labels) = (boxes, scores, labels);
    }

    /// <summary>x1, y1, x2, y2 of each candidate in turn, pixels; length 4*K.</summary>
    public float[] Boxes { get; }

    /// <summary>Confidence in (0, 1]; length K.</summary>
    public float[] Scores { get; }

    /// <summary>0-based class; length K.</summary>
    public int[] Labels { get; }

    /// <summary>Number of candidates.</summary>
    public int Count => Scores.Length;
}
