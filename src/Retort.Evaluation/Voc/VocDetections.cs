namespace Retort.Evaluation.Voc;

/// <summary>Detections as parallel arrays of one entry a detection (N of them). Between equal scores the earlier one goes first.</summary>
public sealed record VocDetections
{
    /// <summary>Index of the image of each detection [N], from 0.</summary>
    public required int[] Images { get; init; }

    /// <summary>Index of the class of each detection [N], from 0.</summary>
    public required int[] Classes { get; init; }

    /// <summary>Boxes [N, 4] in row-major order: x and y of the top left and of the bottom right corner, in pixels.</summary>
    public required double[] Boxes { get; init; }

    /// <summary>Scores [N]; only their order counts.</summary>
    public required double[] Scores { get; init; }
}
