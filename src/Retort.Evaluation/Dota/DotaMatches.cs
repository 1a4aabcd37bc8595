namespace Retort.Evaluation.Dota;

/// <summary>
/// The detections of one class in descending order of score, each with the object of its image that it overlaps most. Neither depends
/// on the threshold, so each pair is measured once for all of them.
/// </summary>
internal sealed class DotaMatches
{
    private const int NoObject = -1;

    private readonly int[] _best;
    private readonly double[] _overlap;
    private readonly bool[]? _difficult;
    private readonly int _objectCount;

    /// <summary>Matches the detections of a class with its objects.</summary>
    public DotaMatches(DotaProblem problem, ReadOnlySpan<int> truths, ReadOnlySpan<int> found)
    {
        (_difficult, _objectCount) = (problem.Objects.Difficult, problem.Objects.Images.Length);
        (_best, _overlap) = (new int[found.Length], new double[found.Length]);
        foreach (int truth in truths)
        {
            Objects += _difficult?[truth] == true ? 0 : 1;
        }

        Dictionary<int, (int Start, int Count)> ofImage = ByImage(problem.Objects.Images, truths);
        int[] order = found.ToArray();
        DescendingScores.Sort(order, problem.Detections.Scores);
        for (int d = 0; d < order.Length; d++)
        {
            (int start, int count) = ofImage.GetValueOrDefault(problem.Detections.Images[order[d]]);
            (_best[d], _overlap[d]) = Best(problem, order[d], truths.Slice(start, count));
        }
    }

    /// <summary>Number of objects that count: those that are not difficult.</summary>
    public int Objects { get; }

    /// <summary>Number of detections.</summary>
    public int Count => _best.Length;

    /// <summary>Recall and precision after each detection [D] at a threshold.</summary>
    public (double[] Recall, double[] Precision) Curve(double threshold, bool above)
    {
        (var recall, var precision) = (new double[Count], new double[Count]);
        var taken = new bool[_objectCount];
        (int hits, int misses) = (0, 0);
        for (int d = 0; d < Count; d++)
        {
            int best = _best[d];
            if (best == NoObject || !(above ? _overlap[d] > threshold : _overlap[d] >= threshold))
            {
                misses++;
            }
            else if (_difficult?[best] != true)
            {
                hits += taken[best] ? 0 : 1;
                misses += taken[best] ? 1 : 0;
                taken[best] = true;
            }

            recall[d] = Objects == 0 ? 0 : (double)hits / Objects;
            precision[d] = hits == 0 ? 0 : (double)hits / (hits + misses);
        }

        return (recall, precision);
    }

    // The object of greatest overlap, taken or not: a second detection of an object has no second choice.
    private static (int Best, double Overlap) Best(DotaProblem problem, int detection, ReadOnlySpan<int> truths)
    {
        (int best, double overlap) = (NoObject, 0);
        foreach (int truth in truths)
        {
            double candidate = problem.DetectionPolygons.Overlap(detection, problem.ObjectPolygons, truth);
            if (candidate > overlap)
            {
                (best, overlap) = (truth, candidate);
            }
        }

        return (best, overlap);
    }

    private static Dictionary<int, (int Start, int Count)> ByImage(int[] images, ReadOnlySpan<int> truths)
    {
        Dictionary<int, (int Start, int Count)> ofImage = [];
        for (int i = 0; i < truths.Length; i++)
        {
            (int start, int count) = ofImage.GetValueOrDefault(images[truths[i]], (i, 0));
            ofImage[images[truths[i]]] = (start, count + 1);
        }

        return ofImage;
    }
}
