namespace Retort.Evaluation.Voc;

/// <summary>The objects of a data set as parallel arrays of one entry an object (N of them).</summary>
public sealed record VocObjects
{
    /// <summary>Index of the image of each object [N], from 0.</summary>
    public required int[] Images { get; init; }

    /// <summary>Index of the class of each object [N], from 0.</summary>
    public required int[] Classes { get; init; }

    /// <summary>Boxes [N, 4] in row-major order: x and y of the top left and of the bottom right corner, in pixels.</summary>
    public required double[] Boxes { get; init; }

    /// <summary>Whether an object is marked difficult [N]: finding it is neither right nor wrong; null means none is.</summary>
    public bool[]? Difficult { get; init; }
}
