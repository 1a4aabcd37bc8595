namespace Retort.Evaluation.Coco;

/// <summary>A range of object areas that is evaluated on its own. Both bounds belong to the range.</summary>
/// <param name="Name">The name in reports: <c>all</c>, <c>small</c>, <c>medium</c>, <c>large</c> are the ones that the summary
/// knows.</param>
/// <param name="Minimum">Smallest area, in square pixels.</param>
/// <param name="Maximum">Largest area, in square pixels.</param>
public readonly record struct CocoAreaRange(string Name, double Minimum, double Maximum)
{
    private const double Unbounded = 1e5 * 1e5;

    /// <summary>The four ranges of COCO: all, up to 32x32, up to 96x96, and larger.</summary>
    public static IReadOnlyList<CocoAreaRange> Default { get; } =
    [
        new("all", 0, Unbounded),
        new("small", 0, 32 * 32),
        new("medium", 32 * 32, 96 * 96),
        new("large", 96 * 96, Unbounded),
    ];

    /// <summary>Whether an area lies outside this range.</summary>
    public bool Excludes(double area) => area < Minimum || area > Maximum;
}
