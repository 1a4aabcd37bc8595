using Retort.Core.Files;

namespace Retort.Evaluation.Coco;

/// <summary>
/// The full result of a COCO evaluation. Axes: T IoU thresholds, R recall levels, K categories (by ascending id; one when categories do not
/// count), A area ranges, M limits of detections. -1 stands where no object counts.
/// </summary>
public sealed class CocoEvaluation
{
    private readonly double[] _precision;
    private readonly double[] _scores;
    private readonly double[] _recall;

    internal CocoEvaluation(CocoGroundTruth groundTruth, CocoEvaluationOptions options, int groupCount)
    {
        (GroundTruth, Options, K) = (groundTruth, options, groupCount);
        _recall = new double[T * K * A * M];
        _precision = new double[_recall.Length * R];
        _scores = new double[_precision.Length];
        Array.Fill(_recall, -1);
        Array.Fill(_precision, -1);
        Array.Fill(_scores, -1);
    }

    /// <summary>What the detections were compared with.</summary>
    public CocoGroundTruth GroundTruth { get; }

    /// <summary>What was measured; its lists are the axes T, R, A and M.</summary>
    public CocoEvaluationOptions Options { get; }

    /// <summary>Number of IoU thresholds.</summary>
    public int T => Options.IouThresholds.Count;

    /// <summary>Number of recall levels.</summary>
    public int R => Options.RecallThresholds.Count;

    /// <summary>Number of categories, or 1 when categories do not count.</summary>
    public int K { get; }

    /// <summary>Number of area ranges.</summary>
    public int A => Options.AreaRanges.Count;

    /// <summary>Number of limits of detections.</summary>
    public int M => Options.MaxDetections.Count;

    /// <summary>Interpolated precision in [0, 1] [T, R, K, A, M], row-major.</summary>
    public ReadOnlyMemory<double> PrecisionValues => _precision;

    /// <summary>Score of the detection at which the recall level is reached, 0 where it never is [T, R, K, A, M], row-major.</summary>
    public ReadOnlyMemory<double> ScoreValues => _scores;

    /// <summary>Greatest recall, in [0, 1] [T, K, A, M], row-major.</summary>
    public ReadOnlyMemory<double> RecallValues => _recall;

    /// <summary>The twelve numbers.</summary>
    public CocoSummary Summary => field ??= CocoSummary.Of(this);

    /// <summary>The results of each category by ascending id; empty when categories do not count.</summary>
    public IReadOnlyList<CocoClassResult> Classes => field ??= CocoClassResult.Of(this);

    /// <summary>One value of <see cref="PrecisionValues"/>.</summary>
    public double Precision(int t, int r, int k, int a, int m) => _precision[PrecisionIndex(t, r, k, a, m)];

    /// <summary>One value of <see cref="ScoreValues"/>.</summary>
    public double Score(int t, int r, int k, int a, int m) => _scores[PrecisionIndex(t, r, k, a, m)];

    /// <summary>One value of <see cref="RecallValues"/>.</summary>
    public double Recall(int t, int k, int a, int m) => _recall[RecallIndex(t, k, a, m)];

    /// <summary>
    /// Writes the twelve numbers by the names of <see cref="CocoSummary.Names"/>, in full precision, and an array <c>classes</c> of objects
    /// with <c>id</c>, <c>name</c>, <c>objects</c>, <c>AP</c>, <c>AP50</c>, <c>AP75</c> and <c>AR100</c>. The file appears whole or not at
    /// all.
    /// </summary>
    public void WriteJson(string path) => AtomicFile.Write(path, stream => CocoEvaluationWriter.Write(stream, this), createFolder: true);

    internal void SetPrecision(int t, int r, int k, int a, int m, double precision, double score)
    {
        int index = PrecisionIndex(t, r, k, a, m);
        (_precision[index], _scores[index]) = (precision, score);
    }

    internal void SetRecall(int t, int k, int a, int m, double recall) => _recall[RecallIndex(t, k, a, m)] = recall;

    private int PrecisionIndex(int t, int r, int k, int a, int m) => (((((((t * R) + r) * K) + k) * A) + a) * M) + m;

    private int RecallIndex(int t, int k, int a, int m) => (((((t * K) + k) * A) + a) * M) + m;
}
