namespace Retort.Vision.Transforms;

/// <summary>How the scale of an image is chosen from <see cref="RescaleOptions.Scales"/>.</summary>
public enum RescaleMode
{
    /// <summary>One of the listed scales, each as likely.</summary>
    Value,

    /// <summary>Long and short edge each drawn between the smallest and the largest of the listed ones, both included.</summary>
    Range,
}

/// <summary>The keep-ratio rescale.</summary>
public sealed record RescaleOptions
{
    private const int MaxEdge = 16384;

    /// <summary>Scales to choose from; one scale means no choice. Edges 1 to 16384. Default: 1333x800.</summary>
    public IReadOnlyList<ImageScale> Scales { get; init; } = [new(1333, 800)];

    /// <summary>How to choose among several scales. Default: <see cref="RescaleMode.Value"/>.</summary>
    public RescaleMode Mode { get; init; } = RescaleMode.Value;

    /// <summary>The listed scale of the largest area, which evaluation uses.</summary>
    public ImageScale Largest => Scales.MaxBy(s => (long)s.LongEdge * s.ShortEdge);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        InvalidOptionException.ThrowUnless(Scales is { Count: > 0 }, "rescale.scales", "empty", "a list of at least one scale");
        foreach (ImageScale scale in Scales)
        {
            bool inRange = scale.LongEdge is >= 1 and <= MaxEdge && scale.ShortEdge is >= 1 and <= MaxEdge;
            InvalidOptionException.ThrowUnless(inRange, "rescale.scales", scale, $"of edges between 1 and {MaxEdge}");
        }

        InvalidOptionException.ThrowUnless(Enum.IsDefined(Mode), "rescale.mode", Mode, "value or range");
    }

    /// <summary>Draws a scale.</summary>
    internal ImageScale Choose(SampleRandom random)
    {
        if (Scales.Count == 1)
        {
            return Scales[0];
        }

        if (Mode == RescaleMode.Value)
        {
            return Scales[random.NextInt(0, Scales.Count)];
        }

        return new ImageScale(
            random.NextInt(Scales.Min(s => s.LongEdge), Scales.Max(s => s.LongEdge) + 1),
            random.NextInt(Scales.Min(s => s.ShortEdge), Scales.Max(s => s.ShortEdge) + 1));
    }
}
