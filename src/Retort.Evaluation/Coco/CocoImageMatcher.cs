using Retort.Core.Geometry;

namespace Retort.Evaluation.Coco;

/// <summary>
/// Matches the detections of one image and category to its objects. Buffers are reused from image to image: one matcher a thread.
/// </summary>
internal sealed class CocoImageMatcher(CocoGroundTruth groundTruth, CocoDetectionColumns detections, CocoEvaluationOptions options)
{
    // An IoU of exactly 1 must match at a threshold of 1 in spite of rounding.
    private const double MostThreshold = 1 - 1e-10;

    private readonly double[] _thresholds = [.. options.IouThresholds.Select(t => Math.Min(t, MostThreshold))];
    private int[] _detections = [];
    private int[] _truths = [];
    private int[] _truthOrder = [];
    private bool[] _truthIgnored = [];
    private double[] _overlaps = [];
    private int[] _truthOfDetection = [];
    private int[] _detectionOfTruth = [];

    /// <summary>The image's detections (entry indices) by descending score, at most the largest limit [D].</summary>
    public ReadOnlySpan<int> Detections => _detections.AsSpan(0, DetectionCount);

    /// <summary>The image's objects (entry indices), in file order [G].</summary>
    public ReadOnlySpan<int> Truths => _truths.AsSpan(0, TruthCount);

    /// <summary>
    /// Positions in <see cref="Truths"/> in the order of matching of the last area range: what counts before what is ignored [G].
    /// </summary>
    public ReadOnlySpan<int> TruthOrder => _truthOrder.AsSpan(0, TruthCount);

    /// <summary>Whether an object does not count in the last area range [G], by position in <see cref="Truths"/>.</summary>
    public ReadOnlySpan<bool> TruthIgnored => _truthIgnored.AsSpan(0, TruthCount);

    /// <summary>IoU (for crowds, intersection over detection) [D, G].</summary>
    public ReadOnlySpan<double> Overlaps => _overlaps.AsSpan(0, DetectionCount * TruthCount);

    /// <summary>Position of the matched object in <see cref="Truths"/>, or -1 [T, D].</summary>
    public ReadOnlySpan<int> TruthOfDetection => _truthOfDetection.AsSpan(0, _thresholds.Length * DetectionCount);

    /// <summary>Position of the (last) matched detection, or -1 [T, G].</summary>
    public ReadOnlySpan<int> DetectionOfTruth => _detectionOfTruth.AsSpan(0, _thresholds.Length * TruthCount);

    private int DetectionCount { get; set; }

    private int TruthCount { get; set; }

    /// <summary>Takes an image: sorts its detections and computes the overlaps, which all area ranges share.</summary>
    public void Load(ReadOnlySpan<int> detectionEntries, ReadOnlySpan<int> truthEntries)
    {
        Grow(ref _detections, detectionEntries.Length);
        detectionEntries.CopyTo(_detections);
        DescendingScores.Sort(_detections.AsSpan(0, detectionEntries.Length), detections.Scores);
        DetectionCount = Math.Min(detectionEntries.Length, options.MaxDetections[^1]);
        TruthCount = truthEntries.Length;
        Grow(ref _truths, TruthCount);
        truthEntries.CopyTo(_truths);
        Grow(ref _truthOrder, TruthCount);
        Grow(ref _truthIgnored, TruthCount);
        Grow(ref _overlaps, DetectionCount * TruthCount);
        Grow(ref _truthOfDetection, _thresholds.Length * DetectionCount);
        Grow(ref _detectionOfTruth, _thresholds.Length * TruthCount);
        ComputeOverlaps();
    }

    /// <summary>
    /// Matches within one area range: each detection in turn takes the free object of greatest overlap, one that counts before one that is
    /// ignored; a crowd region is always free.
    /// </summary>
    public void Match(CocoAreaRange range)
    {
        OrderTruths(range);
        _truthOfDetection.AsSpan(0, _thresholds.Length * DetectionCount).Fill(-1);
        _detectionOfTruth.AsSpan(0, _thresholds.Length * TruthCount).Fill(-1);
        if (TruthCount == 0)
        {
            return;
        }

        for (int t = 0; t < _thresholds.Length; t++)
        {
            Span<int> taken = _detectionOfTruth.AsSpan(t * TruthCount, TruthCount);
            for (int d = 0; d < DetectionCount; d++)
            {
                int match = BestTruth(d, _thresholds[t], taken);
                if (match >= 0)
                {
                    taken[match] = d;
                    _truthOfDetection[(t * DetectionCount) + d] = match;
                }
            }
        }
    }

    private int BestTruth(int detection, double threshold, ReadOnlySpan<int> taken)
    {
        ReadOnlySpan<double> overlaps = _overlaps.AsSpan(detection * TruthCount, TruthCount);
        int best = -1;
        foreach (int g in TruthOrder)
        {
            if (taken[g] >= 0 && !groundTruth.Crowd[_truths[g]])
            {
                continue;
            }

            if (best >= 0 && !_truthIgnored[best] && _truthIgnored[g])
            {
                break;
            }

            // The later of two equal overlaps wins, as in the reference.
            if (overlaps[g] >= threshold)
            {
                (threshold, best) = (overlaps[g], g);
            }
        }

        return best;
    }

    private void OrderTruths(CocoAreaRange range)
    {
        int counted = 0;
        for (int g = 0; g < TruthCount; g++)
        {
            _truthIgnored[g] = groundTruth.Crowd[_truths[g]] || range.Excludes(groundTruth.Areas[_truths[g]]);
            if (!_truthIgnored[g])
            {
                _truthOrder[counted++] = g;
            }
        }

        for (int g = 0; g < TruthCount; g++)
        {
            if (_truthIgnored[g])
            {
                _truthOrder[counted++] = g;
            }
        }
    }

    private void ComputeOverlaps()
    {
        for (int d = 0; d < DetectionCount; d++)
        {
            ReadOnlySpan<double> box = detections.Box(_detections[d]);
            for (int g = 0; g < TruthCount; g++)
            {
                int truth = _truths[g];
                _overlaps[(d * TruthCount) + g] = CocoBox.Overlap(box, groundTruth.Boxes.AsSpan(4 * truth, 4), groundTruth.Crowd[truth]);
            }
        }
    }

    private static void Grow<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, 2 * buffer.Length)];
        }
    }
}
