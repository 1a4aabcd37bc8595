namespace Retort.Evaluation.Dota;

/// <summary>True objects as parallel arrays of one entry an object (N of them).</summary>
public sealed record DotaObjects
{
    /// <summary>Index of the image of each object [N], from 0.</summary>
    public required int[] Images { get; init; }

    /// <summary>Index of the class of each object [N], from 0.</summary>
    public required int[] Classes { get; init; }

    /// <summary>
    /// Corners [N, 8] in row-major order: x and y of four corners in turn, pixels. Where two sides cross, the hull of the corners is meant.
    /// </summary>
    public required double[] Polygons { get; init; }

    /// <summary>Objects that count neither for nor against a detector [N]; null for none.</summary>
    public bool[]? Difficult { get; init; }
}
