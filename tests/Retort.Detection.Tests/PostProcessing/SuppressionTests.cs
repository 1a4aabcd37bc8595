using CsCheck;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;

namespace Retort.Detection.Tests.PostProcessing;

public class SuppressionTests
{
    private static readonly Gen<Candidates> s_candidates =
        from count in Gen.Int[0, 60]
        from low in Gen.Bool.Select(negative => negative ? -40f : 0f)
        from corners in Gen.Float[low, 60].Array[2 * count]
        from sides in Gen.Float[0, 50].Array[2 * count]
        from scores in Gen.Int[1, 20].Array[count]
        from labels in Gen.Int[0, 2].Array[count]
        select new Candidates(
            Boxes.Upright(Enumerable.Range(0, count).Select(k => new Box(
                corners[2 * k], corners[(2 * k) + 1], corners[2 * k] + sides[2 * k], corners[(2 * k) + 1] + sides[(2 * k) + 1]))),
            Array.ConvertAll(scores, s => s / 20f), labels);

    [Fact]
    public void Greedy_suppression_equals_its_definition() =>
        Gen.Select(s_candidates, Gen.Double[0.1, 0.9], Gen.Int[0, 70]).Sample((candidates, threshold, limit) =>
            Assert.Equal(Plain(candidates, (float)threshold).Take(limit), new GreedyNms { Iou = threshold }.Keep(candidates, limit)));

    [Fact]
    public void Agnostic_suppression_keeps_no_two_boxes_that_overlap_more() =>
        s_candidates.Sample(candidates =>
        {
            int[] kept = new GreedyNms { Iou = 0.5, ClassAgnostic = true }.Keep(candidates);
            for (int a = 0; a < kept.Length; a++)
            {
                for (int b = a + 1; b < kept.Length; b++)
                {
                    Assert.False(Iou(candidates.Boxes[kept[a]], candidates.Boxes[kept[b]]) > 0.5f);
                }
            }
        });

    [Fact]
    public void Voting_keeps_scores_and_stays_within_the_boxes_of_a_class() =>
        s_candidates.Where(c => c.Count > 0).Sample(candidates =>
        {
            Detections detections = new ScoreVotingClusterDiouNms().Apply(candidates, 100);
            Assert.Equal(candidates.Scores.Max(), detections.Scores[0]);
            Assert.Equal(detections.Scores.OrderDescending(), detections.Scores);
            float[] given = candidates.Boxes.ToArray();
            Assert.All(detections.Boxes.ToArray(), value => Assert.InRange(value, given.Min() - 1e-3f, given.Max() + 1e-3f));
        });

    [Fact]
    public void Soft_suppression_equals_its_definition() =>
        Gen.Select(s_candidates, Gen.Int[0, 2], Gen.Double[0.1, 0.9], Gen.Int[0, 70]).Sample((candidates, decay, number, limit) =>
        {
            var nms = new SoftNms { Iou = number, Decay = (SoftNmsDecay)decay, Sigma = number, MinScore = 0.1 };
            (int[] kept, float[] scores) = nms.Choose(candidates, limit);
            List<(int Kept, float Score)> plain = [.. PlainSoft(candidates, nms).Take(limit)];
            Assert.Equal(plain.Select(p => p.Kept), kept);
            Assert.All(plain, (p, k) => Assert.Equal(p.Score, scores[k], 1e-5f));
        });

    [Fact]
    public void Naive_soft_suppression_is_greedy_suppression() =>
        s_candidates.Sample(candidates => Assert.Equal(
            new GreedyNms { Iou = 0.4999f }.Keep(candidates),
                new SoftNms { Iou = MathF.BitIncrement(0.4999f), Decay = SoftNmsDecay.Naive, MinScore = 0.01 }.Choose(candidates).Kept));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Classes_that_do_not_count_are_as_one_class(bool soft) =>
        s_candidates.Sample(candidates =>
        {
            ISuppression one = soft ? new SoftNms { Iou = 0.3 } : new ScoreVotingClusterDiouNms();
            ISuppression agnostic = soft ? new SoftNms { Iou = 0.3, ClassAgnostic = true }
                : new ScoreVotingClusterDiouNms { ClassAgnostic = true };
            Detections expected = one.Apply(new Candidates(candidates.Boxes, candidates.Scores, new int[candidates.Count]), 100), actual =
                agnostic.Apply(candidates, 100);
            Assert.Equal(expected.Boxes.ToArray(), actual.Boxes.ToArray());
            Assert.Equal(expected.Scores, actual.Scores);
        });

    [Fact]
    public void A_vote_reaches_as_far_as_its_threshold_says()
    {
        // IoU of 3/5 and a small distance: the second box goes, and votes only where that is enough.
        var pair = new Candidates(Boxes.Upright(0, 0, 40, 10, 10, 0, 50, 10), [0.8f, 0.4f], [0, 0]);
        Detections Voted(double voteThreshold, double variance = 0.025) =>
            new ScoreVotingClusterDiouNms { Iou = 0.5, VoteThreshold = voteThreshold, VoteVariance = variance }.Apply(pair, 10);
        Assert.Equal([0, 0, 40, 10], Voted(0.7).Boxes.ToArray());
        Assert.InRange(Voted(0.5).Boxes[0][0], 1e-4f, 0.1f);
        Assert.InRange(Voted(0.5, variance: 100).Boxes[0][0], 3f, 10f / 3);
    }

    [Fact]
    public void A_score_that_is_not_a_number_comes_last()
    {
        var candidates = new Candidates(Boxes.Upright(0, 0, 1, 1, 5, 5, 6, 6), [float.NaN, 0.1f], [0, 0]);
        Assert.Equal([1, 0], new GreedyNms().Keep(candidates));
        Assert.Equal([1], new SoftNms { Iou = 0.3 }.Choose(candidates).Kept);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_box_that_is_not_finite_leaves_the_others_alone(float number)
    {
        float[] three = [0, 0, 10, 10, 1, 0, 11, 10, 0, 0, 10, 10];
        var candidates = new Candidates(Boxes.Upright([number, 0, 10, 10, .. three]), [0.9f, 0.8f, 0.7f, 0.6f], [0, 0, 0, 1]);
        Assert.Equal([0, 1, 3], new GreedyNms { Iou = 0.5 }.Keep(candidates));
        Assert.Equal([0, 1, 3], new SoftNms { Iou = 0.5, Decay = SoftNmsDecay.Naive }.Choose(candidates).Kept);
        Assert.Equal([0.9f, 0.8f, 0.6f], new ScoreVotingClusterDiouNms { Iou = 0.5 }.Apply(candidates, 10).Scores);
        var rotated = new Candidates(Boxes.Rotated(number, 0, 10, 10, 0, 5, 5, 10, 10, 0, 6, 5, 10, 10, 0, 5, 5, 10, 10, 0),
            candidates.Scores, candidates.Labels);
        Assert.Equal([0, 1, 3], new GreedyNms { Iou = 0.5 }.Keep(rotated));
    }

    [Fact]
    public void Soft_suppression_ends_with_the_last_box_whatever_the_least_score()
    {
        var candidates = new Candidates(Boxes.Upright(0, 0, 10, 10, 1, 0, 11, 10), [0.9f, 0.8f], [0, 0]);
        Assert.Equal([0, 1], new SoftNms { Iou = 0.5, MinScore = -5 }.Choose(candidates).Kept);
    }

    [Theory]
    [InlineData(SoftNmsDecay.Naive)]
    [InlineData(SoftNmsDecay.Linear)]
    [InlineData(SoftNmsDecay.Gaussian)]
    public void The_best_box_stays_whatever_the_least_score(SoftNmsDecay decay)
    {
        var candidates = new Candidates(Boxes.Upright(0, 0, 10, 10, 20, 0, 30, 10, 40, 0, 50, 10), [0.02f, 0.04f, 0.03f], [0, 1, 1]);
        (int[] kept, float[] scores) = new SoftNms { Iou = 0.5, Decay = decay, MinScore = 0.05 }.Choose(candidates);
        Assert.Equal([1], kept);
        Assert.Equal([0.04f], scores);
    }

    [Fact]
    public void Rotated_boxes_are_refused() =>
        Assert.Throws<ArgumentException>(() => new SoftNms { Iou = 0.3 }.Choose(new Candidates(Boxes.Rotated(new float[5]), [1], [0])));

    [Fact]
    public void Arrays_that_do_not_belong_together_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Candidates(Boxes.Upright(0, 0, 1), [0.5f], [0]));
        Assert.Throws<ArgumentException>(() => new Candidates(Boxes.Upright(0, 0, 1, 1), [0.5f], [-1]));
    }

    // As published: boxes shifted by label * (largest coordinate + 1), stable order of scores, quotient against the threshold.
    private static List<int> Plain(Candidates candidates, float threshold)
    {
        float step = candidates.Count == 0 ? 0 : candidates.Boxes.ToArray().Max() + 1;
        float[][] shifted = [.. Enumerable.Range(0, candidates.Count)
            .Select(k => candidates.Boxes[k].ToArray().Select(v => v + (candidates.Labels[k] * step)).ToArray())];
        var kept = new List<int>();
        foreach (int k in Enumerable.Range(0, candidates.Count).OrderByDescending(k => candidates.Scores[k]))
        {
            if (!kept.Any(better => Iou(shifted[better], shifted[k]) > threshold))
            {
                kept.Add(k);
            }
        }

        return kept;
    }

    // As published: the best score is taken, of equal ones the first, and the others are lowered; only these are dropped when they are low.
    private static List<(int Kept, float Score)> PlainSoft(Candidates candidates, SoftNms nms)
    {
        float step = candidates.Count == 0 ? 0 : candidates.Boxes.ToArray().Max() + 1;
        float[][] shifted = [.. Enumerable.Range(0, candidates.Count)
            .Select(k => candidates.Boxes[k].ToArray().Select(v => v + (candidates.Labels[k] * step)).ToArray())];
        float[] scores = [.. candidates.Scores];
        List<int> left = [.. Enumerable.Range(0, candidates.Count)];
        List<(int Kept, float Score)> kept = [];
        for (; left.Count > 0; left.RemoveAll(k => scores[k] < (float)nms.MinScore))
        {
            int best = left.MaxBy(k => scores[k]);
            left.Remove(best);
            kept.Add((best, scores[best]));
            foreach (int other in left)
            {
                float iou = Iou(shifted[best], shifted[other]);
                iou = iou > 0 ? iou : 0;
                bool over = iou >= (float)nms.Iou;
                scores[other] *= nms.Decay switch
                {
                    SoftNmsDecay.Gaussian => MathF.Exp(-iou * iou / (float)nms.Sigma),
                    SoftNmsDecay.Linear => over ? 1 - iou : 1,
                    _ => over ? 0 : 1,
                };
            }
        }

        return kept;
    }

    private static float Iou(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float w = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0])), h = Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        float inter = w * h;
        return inter / (((a[2] - a[0]) * (a[3] - a[1])) + ((b[2] - b[0]) * (b[3] - b[1])) - inter);
    }
}
