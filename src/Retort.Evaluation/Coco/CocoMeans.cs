namespace Retort.Evaluation.Coco;

/// <summary>Means over parts of a result. Values of -1 (no object counts) are left out; a mean of nothing is -1.</summary>
internal static class CocoMeans
{
    private const double SameThreshold = 1e-9;

    /// <summary>Mean precision over recall levels, and over IoU thresholds and categories unless one is given.</summary>
    public static double Precision(CocoEvaluation e, string area, int m, double? iou = null, int? category = null)
    {
        var mean = new Mean();
        foreach ((int t, int k, int a) in Cells(e, area, iou, category))
        {
            for (int r = 0; r < e.R; r++)
            {
                mean.Add(e.Precision(t, r, k, a, m));
            }
        }

        return mean.Value;
    }

    /// <summary>Mean of the greatest recall over IoU thresholds, and over categories unless one is given.</summary>
    public static double Recall(CocoEvaluation e, string area, int m, int? category = null)
    {
        var mean = new Mean();
        foreach ((int t, int k, int a) in Cells(e, area, null, category))
        {
            mean.Add(e.Recall(t, k, a, m));
        }

        return mean.Value;
    }

    private static IEnumerable<(int T, int K, int A)> Cells(CocoEvaluation e, string area, double? iou, int? category)
    {
        int a = Enumerable.Range(0, e.A).FirstOrDefault(i => e.Options.AreaRanges[i].Name == area, -1);
        for (int t = 0; t < e.T && a >= 0; t++)
        {
            if (iou is { } only && Math.Abs(e.Options.IouThresholds[t] - only) > SameThreshold)
            {
                continue;
            }

            for (int k = category ?? 0; k < (category + 1 ?? e.K); k++)
            {
                yield return (t, k, a);
            }
        }
    }

    private struct Mean
    {
        private double _sum;
        private long _count;

        public readonly double Value => _count == 0 ? -1 : _sum / _count;

        public void Add(double value)
        {
            if (value > -1)
            {
                _sum += value;
                _count++;
            }
        }
    }
}
