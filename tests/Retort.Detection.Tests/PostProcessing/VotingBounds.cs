using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;

namespace Retort.Detection.Tests.PostProcessing;

/// <summary>
/// What score-voting suppression may give for some candidates, by its definition in double precision, if likenesses are known only as well
/// as the reference computes them: boxes whose likeness to a better one lies near the threshold may stay or go, those near the voting
/// threshold may vote or not.
/// </summary>
internal sealed class VotingBounds
{
    // Scores of the reference and ours differ by rounding.
    private const float ScoreMargin = 1e-5f;
    private readonly Candidates _candidates;
    private readonly ScoreVotingClusterDiouNms _rule;
    private readonly int _limit;
    private readonly int[] _order;

    /// <summary>Sides of boxes that were compared with a value known to a tenth of a pixel.</summary>
    public int CertainSides { get; private set; }

    public VotingBounds(Candidates candidates, ScoreVotingClusterDiouNms rule, int limit)
    {
        (_candidates, _rule, _limit) = (candidates, rule, limit);
        _order = [.. Enumerable.Range(0, candidates.Count).OrderByDescending(k => candidates.Scores[k])];
    }

    /// <summary>Fails where detections are not among the possible ones.</summary>
    public void Check(Detections detections)
    {
        Assert.Equal(_candidates.Count > 0, detections.Count > 0);
        Assert.Equal(detections.Scores.OrderDescending(), detections.Scores);
        int[] chosen = Match(detections);
        HashSet<int> stay = [.. chosen];
        foreach (int k in _order.Where(k => !stay.Contains(k)))
        {
            bool cut = detections.Count == _limit && _candidates.Scores[k] <= detections.Scores[^1] + ScoreMargin;
            Assert.True(cut || chosen.Any(better => MayBeBetter(better, k) && Likeness(better, k) > _rule.Iou - Margin(better, k)),
                $"candidate {k} is missing");
        }

        foreach ((int place, int better) in chosen.Index())
        {
            Assert.DoesNotContain(chosen.Skip(place + 1), k => MayBeBetter(better, k)
                && Likeness(better, k) > _rule.Iou + Margin(better, k));
        }
    }

    // The candidate of each detection, by class, score and what may be voted for it. How many of these ranges are narrow depends on how
    // close likenesses come to the thresholds, so they are counted: whoever compares must see to it that there are some.
    private int[] Match(Detections detections)
    {
        var left = new HashSet<int>(_order);
        var chosen = new int[detections.Count];
        for (int d = 0; d < chosen.Length; d++)
        {
            int[] alike = [.. left.Where(k => _candidates.Labels[k] == detections.Labels[d]
                && Math.Abs(_candidates.Scores[k] - detections.Scores[d]) <= ScoreMargin)];
            int found = Array.FindIndex(alike, k => Enumerable.Range(0, 4)
                .All(side => Contains(Range(k, side), detections.Boxes[d][side], k)));
            Assert.True(found >= 0,
                $"detection {d} ({detections.Scores[d]}) is none of the {alike.Length} candidates with its class and score");
            left.Remove(chosen[d] = alike[found]);
            CertainSides += Enumerable.Range(0, 4).Count(side => Range(chosen[d], side) is var (low, high) && high - low < 0.1);
        }

        return chosen;
    }

    private bool Contains((double Low, double High) range, float value, int k) =>
        value >= range.Low - 1e-3 - Rounding(k) && value <= range.High + 1e-3 + Rounding(k);

    // Smallest and largest mean of one side of the boxes that may vote for a candidate.
    private (double Low, double High) Range(int k, int side)
    {
        List<(double Side, double Least, double Most)> votes = [(Side(k, side), _candidates.Scores[k], _candidates.Scores[k])];
        foreach (int voter in _order.Where(v => v != k && _candidates.Labels[v] == _candidates.Labels[k] && MayBeBetter(k, v)))
        {
            (double likeness, double margin) = (Likeness(k, voter), Margin(k, voter));
            if (likeness + margin > _rule.VoteThreshold)
            {
                bool certain = likeness - margin > _rule.VoteThreshold && _candidates.Scores[k] > _candidates.Scores[voter] + ScoreMargin;
                votes.Add((Side(voter, side), certain ? Weight(voter, likeness - margin) : 0, Weight(voter, likeness + margin)));
            }
        }

        return (Extreme(votes, -1), Extreme(votes, 1));
    }

    private double Weight(int voter, double likeness) =>
        _candidates.Scores[voter] * Math.Exp(-Math.Pow(1 - Math.Min(likeness, 1), 2) / _rule.VoteVariance);

    // A mean is largest when all that lies above it counts as much as it may, and all below as little (each step raises it, until nothing
    // changes sides).
    private static double Extreme(List<(double Side, double Least, double Most)> votes, int sign)
    {
        (double mean, double before) = (votes[0].Side, double.NaN);
        while (mean != before)
        {
            double[] weights = [.. votes.Select(v => sign * (v.Side - mean) > 0 ? v.Most : v.Least)];
            before = mean;
            double next = votes.Zip(weights, (v, w) => v.Side * w).Sum() / weights.Sum();
            mean = sign * (next - mean) > 1e-9 ? next : mean;
        }

        return mean;
    }

    private bool MayBeBetter(int a, int b) =>
        _candidates.Labels[a] == _candidates.Labels[b] && _candidates.Scores[a] >= _candidates.Scores[b] - ScoreMargin;

    // Rounding of coordinates that are shifted by class.
    private double Rounding(int k)
    {
        float shifted = (4000f * _candidates.Labels[k]) + _candidates.Boxes[k].ToArray().Max(Math.Abs);
        return MathF.BitIncrement(shifted) - shifted;
    }

    // Areas and intersections are wrong by that in parts of the smallest side, in width and in height, of both boxes.
    private double Margin(int a, int b) =>
        1e-5 + (4 * Math.Max(Rounding(a), Rounding(b)) / Math.Max(Math.Min(Shortest(a), Shortest(b)), 1e-3));

    private float Shortest(int k) => Math.Min(Side(k, 2) - Side(k, 0), Side(k, 3) - Side(k, 1));

    private double Likeness(int a, int b)
    {
        double Length(int side, int sign) => sign > 0
            ? Math.Max(Side(a, side + 2), Side(b, side + 2)) - (double)Math.Min(Side(a, side), Side(b, side))
            : Math.Min(Side(a, side + 2), Side(b, side + 2)) - (double)Math.Max(Side(a, side), Side(b, side));
        double Area(int k) => (Side(k, 2) - (double)Side(k, 0)) * (Side(k, 3) - (double)Side(k, 1));
        double Apart(int side) => (Side(a, side) + (double)Side(a, side + 2) - Side(b, side) - Side(b, side + 2)) / 2;
        double shared = Math.Max(Length(0, -1), 0) * Math.Max(Length(1, -1), 0);
        double distance = (Math.Pow(Apart(0), 2) + Math.Pow(Apart(1), 2)) / (Math.Pow(Length(0, 1), 2) + Math.Pow(Length(1, 1), 2) + 1e-7);
        return (shared / (Area(a) + Area(b) - shared)) - Math.Pow(distance, _rule.DistancePower);
    }

    private float Side(int k, int side) => _candidates.Boxes[k][side];
}
