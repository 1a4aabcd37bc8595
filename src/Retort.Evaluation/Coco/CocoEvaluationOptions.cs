namespace Retort.Evaluation.Coco;

/// <summary>What the COCO evaluation measures. The defaults are COCO's own.</summary>
public sealed record CocoEvaluationOptions
{
    /// <summary>The most IoU thresholds that an evaluation takes; matches are kept as one bit a threshold.</summary>
    public const int MostIouThresholds = 32;

    /// <summary>IoU thresholds in (0, 1], ascending, at most <see cref="MostIouThresholds"/>; 0.5 to 0.95 in steps of 0.05.</summary>
    public IReadOnlyList<double> IouThresholds { get; init; } = Steps(0.5, 0.95, 10);

    /// <summary>Recall levels in [0, 1], ascending, at which precision is read; 0 to 1 in steps of 0.01.</summary>
    public IReadOnlyList<double> RecallThresholds { get; init; } = Steps(0, 1, 101);

    /// <summary>Three ascending limits on the detections that count of one image and category; 1, 10, 100.</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>The ranges of object area, each evaluated on its own.</summary>
    public IReadOnlyList<CocoAreaRange> AreaRanges { get; init; } = CocoAreaRange.Default;

    /// <summary>
    /// Whether a detection must have the category of the object; when false all categories are one (class-agnostic proposals).
    /// </summary>
    public bool UseCategories { get; init; } = true;

    /// <summary>
    /// The limits 100, 300, 1000 that the authors' dataset class evaluates with. As there, AP then counts 100 detections, AP50 to APl
    /// and the recalls by area count 1000, and the three AR columns are those of 100, 300 and 1000.
    /// </summary>
    public static CocoEvaluationOptions ReferenceMaxDetections { get; } = new() { MaxDetections = [100, 300, 1000] };

    /// <summary>Checks the ranges stated on the properties.</summary>
    /// <exception cref="ArgumentException">A property is out of its range.</exception>
    internal void Validate()
    {
        Require(IouThresholds.Count is > 0 and <= MostIouThresholds,
            $"between 1 and {MostIouThresholds} IoU thresholds are needed, got {IouThresholds.Count}");
        Require(Ascending(IouThresholds) && IouThresholds[0] > 0 && IouThresholds[^1] <= 1, "IoU thresholds must ascend within (0, 1]");
        Require(RecallThresholds.Count > 0 && Ascending(RecallThresholds), "recall thresholds must ascend");
        Require(RecallThresholds[0] >= 0 && RecallThresholds[^1] <= 1, "recall thresholds must lie within [0, 1]");
        Require(MaxDetections.Count == 3 && MaxDetections[0] > 0 && Ascending(MaxDetections),
            "three ascending positive limits of detections are needed, such as 1, 10, 100");
        Require(AreaRanges.Count > 0, "at least one area range is needed");
    }

    private static bool Ascending<T>(IReadOnlyList<T> values) where T : IComparable<T>
    {
        for (int i = 1; i < values.Count; i++)
        {
            if (values[i].CompareTo(values[i - 1]) <= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }

    /// <summary>Evenly spaced values. The order of operations decides the last bit, and with it matches at exactly a threshold.</summary>
    private static double[] Steps(double first, double last, int count)
    {
        double step = (last - first) / (count - 1);
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (i * step) + first;
        }

        values[^1] = last;
        return values;
    }
}
