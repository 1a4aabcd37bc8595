namespace Retort.Evaluation.Coco;

/// <summary>How the detections of one image and category were matched, for pictures and error analysis.</summary>
public sealed record CocoImageMatches
{
    /// <summary>Index of each detection in the <see cref="CocoDetections"/> (from 0), by descending score [D].</summary>
    public required int[] Detections { get; init; }

    /// <summary>Scores of the detections [D].</summary>
    public required double[] Scores { get; init; }

    /// <summary>Annotation ids of the objects, those that count before those that are ignored [G].</summary>
    public required long[] GroundTruthIds { get; init; }

    /// <summary>Whether an object does not count: a crowd region, or outside the area range [G].</summary>
    public required bool[] GroundTruthIgnored { get; init; }

    /// <summary>Place in <see cref="GroundTruthIds"/> of the object that a detection matched at each IoU threshold, or -1 [T, D].</summary>
    public required int[,] GroundTruthOfDetection { get; init; }

    /// <summary>
    /// Place in <see cref="Detections"/> of the detection that matched an object, or -1; of a crowd region the last one [T, G].
    /// </summary>
    public required int[,] DetectionOfGroundTruth { get; init; }

    /// <summary>
    /// Whether a detection does not count at a threshold: it matched an ignored object, or matched nothing and is outside the area range
    /// [T, D].
    /// </summary>
    public required bool[,] DetectionIgnored { get; init; }

    /// <summary>
    /// IoU, for crowd regions intersection over the detection's area. Objects are in the order of the file, not of
    /// <see cref="GroundTruthIds"/> [D, G].
    /// </summary>
    public required double[,] Overlaps { get; init; }
}
