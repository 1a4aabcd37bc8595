namespace Retort.Evaluation.Dota;

/// <summary>Detections as parallel arrays of one entry a detection (N of them). Between equal scores the earlier one goes first.</summary>
public sealed record DotaDetections
{
    /// <summary>Index of the image of each detection [N], from 0.</summary>
    public required int[] Images { get; init; }

    /// <summary>Index of the class of each detection [N], from 0.</summary>
    public required int[] Classes { get; init; }

    /// <summary>
    /// Corners [N, 8] in row-major order: x and y of four corners in turn, pixels. Where two sides cross, the hull of the corners is meant.
    /// </summary>
    public required double[] Polygons { get; init; }

    /// <summary>Scores [N], finite; only their order counts.</summary>
    public required double[] Scores { get; init; }

    /// <summary>Number of detections, N.</summary>
    public int Count => Scores.Length;

    /// <summary>Some of the detections.</summary>
    /// <param name="chosen">Their indices, in the order of the result.</param>
    public DotaDetections At(IReadOnlyList<int> chosen) => new()
    {
        Images = [.. chosen.Select(i => Images[i])],
        Classes = [.. chosen.Select(i => Classes[i])],
        Polygons = [.. chosen.SelectMany(i => Polygons[(8 * i)..((8 * i) + 8)])],
        Scores = [.. chosen.Select(i => Scores[i])],
    };
}
