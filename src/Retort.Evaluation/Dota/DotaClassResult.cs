namespace Retort.Evaluation.Dota;

/// <summary>The results of one class.</summary>
public sealed class DotaClassResult
{
    private readonly DotaMatches _matches;
    private readonly bool _above;

    internal DotaClassResult(int classIndex, DotaMatches matches, double[] ap, bool above) =>
        (Class, _matches, AP, _above) = (classIndex, matches, ap, above);

    /// <summary>Index of the class.</summary>
    public int Class { get; }

    /// <summary>Number of objects that count: those that are not difficult.</summary>
    public int Objects => _matches.Objects;

    /// <summary>Number of detections.</summary>
    public int Detections => _matches.Count;

    /// <summary>Average precision at each threshold [T], 0 to 1; 0 where there are no objects or no detections.</summary>
    public IReadOnlyList<double> AP { get; }

    /// <summary>Mean over the thresholds.</summary>
    public double MeanAP => AP.Average();

    /// <summary>Recall and precision after each detection [D], in descending order of score, at a threshold.</summary>
    public (double[] Recall, double[] Precision) Curve(double threshold) => _matches.Curve(threshold, _above);
}
