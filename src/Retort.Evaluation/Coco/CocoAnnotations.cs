namespace Retort.Evaluation.Coco;

/// <summary>The objects of a data set as parallel arrays of one entry an object (N of them), without an instance an object.</summary>
public sealed record CocoAnnotations
{
    /// <summary>Annotation ids [N], unique; null numbers them from 1 in order.</summary>
    public long[]? Ids { get; init; }

    /// <summary>Image id of each object [N].</summary>
    public required long[] ImageIds { get; init; }

    /// <summary>Category id of each object [N].</summary>
    public required long[] CategoryIds { get; init; }

    /// <summary>
    /// Boxes [N, 4] in row-major order: x, y of the top left corner, width, height, in pixels; width and height at least 0.
    /// </summary>
    public required double[] Boxes { get; init; }

    /// <summary>
    /// Areas [N] in square pixels, which decide the area range: of the mask where the data set has masks; null takes width times height.
    /// </summary>
    public double[]? Areas { get; init; }

    /// <summary>Whether an entry is a crowd region [N]: it absorbs detections, which then do not count; null means none is.</summary>
    public bool[]? Crowd { get; init; }
}
