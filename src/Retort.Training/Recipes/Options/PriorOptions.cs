using Retort.Core.Options;

namespace Retort.Training.Recipes;

/// <summary>What boxes are told from: anchors or points on every cell of every level.</summary>
public sealed record PriorOptions
{
    /// <summary>The kind. On points, the anchor described here is only what the valuable localization region is measured with.</summary>
    public PriorKind Type { get; init; } = PriorKind.Anchors;

    /// <summary>The side of a level's anchor in strides of that level.</summary>
    [Within(0, 64, Above = true)]
    public double OctaveBaseScale { get; init; } = 8;

    /// <summary>Sizes of anchors between that and twice that.</summary>
    [Within(1, 16)]
    public int ScalesPerOctave { get; init; } = 1;

    /// <summary>Height to width of the anchors.</summary>
    [Within(0, 64, Above = true)]
    public IReadOnlyList<double> Ratios { get; init; } = [1];

    /// <summary>Anchors: one that reaches further out of its image than so many pixels is neither assigned nor trained; where nothing stands here, all on the padded image are.</summary>
    [Within(0, 100000)]
    public double? AllowedBorder { get; init; }

    /// <summary>Anchors of one cell.</summary>
    public int PerCell => ScalesPerOctave * Ratios.Count;
}

/// <summary>What boxes are told from.</summary>
public enum PriorKind
{
    /// <summary>Boxes, centred on the upper left corner of their cell.</summary>
    Anchors,

    /// <summary>The middle of each cell.</summary>
    Points,
}
