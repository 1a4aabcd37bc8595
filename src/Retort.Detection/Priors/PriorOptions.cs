using Retort.Core.Options;

namespace Retort.Detection.Priors;

/// <summary>What boxes are decoded from: anchors or points on every cell of every level.</summary>
[Kind("anchors", typeof(AnchorOptions))]
[Kind("points", typeof(PointOptions))]
public abstract record PriorOptions
{
    /// <summary>
    /// The side of a level's anchor in strides of that level; with points, of the anchor that the valuable localization region is measured
    /// with.
    /// </summary>
    [Within(0, 64, Above = true)]
    public double OctaveBaseScale { get; init; } = 8;

    /// <summary>Priors of one cell.</summary>
    public abstract int PerCell { get; }
}

/// <summary>Boxes, centred on the upper left corner of their cell.</summary>
public sealed record AnchorOptions : PriorOptions, IOptionsTogether
{
    /// <summary>Sizes of anchors between the base scale and twice that.</summary>
    [Within(1, 16)]
    public int ScalesPerOctave { get; init; } = 1;

    /// <summary>Height to width of the anchors.</summary>
    [Within(0, 64, Above = true)]
    public IReadOnlyList<double> Ratios { get; init; } = [1];

    /// <summary>
    /// An anchor that reaches further out of its image than so many pixels is neither assigned nor trained; if unset, all on the padded
    /// image are.
    /// </summary>
    [Within(0, 100000)]
    [Affects(Effect.Training)]
    public double? AllowedBorder { get; init; }

    /// <inheritdoc/>
    public override int PerCell => ScalesPerOctave * Ratios.Count;

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Ratios.Count == 0)
        {
            problems.Refuse("ratios", $"{problems.Name("ratios")} needs at least one number");
        }
    }
}

/// <summary>The middle of each cell.</summary>
public sealed record PointOptions : PriorOptions
{
    /// <inheritdoc/>
    public override int PerCell => 1;
}
