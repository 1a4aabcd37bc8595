namespace Retort.Evaluation.Voc;

/// <summary>A range of sizes: boxes whose area is at least <c>Minimum</c> squared and below <c>Maximum</c> squared.</summary>
/// <param name="Minimum">Side of the smallest square in the range, in pixels.</param>
/// <param name="Maximum">Side of the square that is just beyond it.</param>
public readonly record struct VocScaleRange(double Minimum, double Maximum)
{
    /// <summary>Whether an area in square pixels belongs to the range.</summary>
    public bool Contains(double area) => area >= Minimum * Minimum && area < Maximum * Maximum;
}
