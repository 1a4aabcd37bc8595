using System.Runtime.InteropServices;

namespace Retort.Evaluation.Coco;

/// <summary>Turns the matches of one group into precision at the recall levels, and into recall.</summary>
internal sealed class CocoCurves
{
    // np.spacing(1): the reference divides by (fp + tp + this), which makes the precision of a single hit 1 - 2^-52.
    private const double Spacing = 2.220446049250313e-16;

    private readonly CocoGroupMatches _matches;
    private readonly CocoEvaluation _result;
    private readonly int _group;
    private readonly int[] _order;
    private readonly double[] _precision;
    private readonly double[] _score;

    private CocoCurves(CocoGroupMatches matches, CocoEvaluation result, int group)
    {
        (_matches, _result, _group) = (matches, result, group);
        _order = [.. Enumerable.Range(0, matches.Scores.Count)];
        DescendingScores.Sort(_order, CollectionsMarshal.AsSpan(matches.Scores));
        (_precision, _score) = (new double[_order.Length], new double[_order.Length]);
    }

    /// <summary>Fills the group's part of the result. Where no object counts the result keeps its -1.</summary>
    public static void Fill(CocoGroupMatches matches, CocoEvaluation result, int group)
    {
        var curves = new CocoCurves(matches, result, group);
        for (int a = 0; a < matches.Positives.Length; a++)
        {
            for (int m = 0; m < result.Options.MaxDetections.Count && matches.Positives[a] > 0; m++)
            {
                for (int t = 0; t < result.Options.IouThresholds.Count; t++)
                {
                    curves.FillOne(t, a, m);
                }
            }
        }
    }

    private void FillOne(int t, int a, int m)
    {
        int hits = CountHits(t, a, _result.Options.MaxDetections[m]);
        double positives = _matches.Positives[a];
        _result.SetRecall(t, _group, a, m, hits / positives);
        int hit = 0;
        for (int r = 0; r < _result.Options.RecallThresholds.Count; r++)
        {
            double level = _result.Options.RecallThresholds[r];
            while (hit < hits && (hit + 1) / positives < level)
            {
                hit++;
            }

            // Level 0 is reached by the first detection, hit or not; the precision from there on is that of the first hit's envelope.
            bool reached = hit < hits;
            double score = level <= 0 && _order.Length > 0 ? _matches.Scores[_order[0]] : reached ? _score[hit] : 0;
            _result.SetPrecision(t, r, _group, a, m, reached ? _precision[hit] : 0, score);
        }
    }

    /// <summary>
    /// Walks the detections by descending score and notes precision and score at every hit; only there recall changes, and there the
    /// precision has its local maxima. Then makes precision non-increasing from the right.
    /// </summary>
    private int CountHits(int t, int a, int maxDetections)
    {
        ReadOnlySpan<uint> matched = CollectionsMarshal.AsSpan(_matches.Matched[a]);
        ReadOnlySpan<uint> ignored = CollectionsMarshal.AsSpan(_matches.Ignored[a]);
        ReadOnlySpan<int> places = CollectionsMarshal.AsSpan(_matches.Places);
        (int hits, int misses, uint bit) = (0, 0, 1u << t);
        foreach (int d in _order)
        {
            if (places[d] >= maxDetections || (ignored[d] & bit) != 0)
            {
                continue;
            }

            if ((matched[d] & bit) == 0)
            {
                misses++;
                continue;
            }

            hits++;
            _precision[hits - 1] = hits / (misses + hits + Spacing);
            _score[hits - 1] = _matches.Scores[d];
        }

        for (int i = hits - 1; i > 0; i--)
        {
            _precision[i - 1] = Math.Max(_precision[i - 1], _precision[i]);
        }

        return hits;
    }
}
