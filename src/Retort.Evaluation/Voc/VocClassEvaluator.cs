using System.Runtime.InteropServices;

namespace Retort.Evaluation.Voc;

/// <summary>Evaluates one class: walks its images, decides on each detection, and draws the curve.</summary>
internal sealed class VocClassEvaluator(VocObjects objects, VocDetections detections, VocEvaluationOptions options)
{
    private readonly double _extra = options.InclusiveCorners ? 1 : 0;
    private readonly List<double> _scores = [];
    private readonly List<Verdict> _verdicts = [];

    /// <summary>What a detection is worth.</summary>
    private enum Verdict
    {
        Ignored,
        Hit,
        Miss,
    }

    /// <summary>Evaluates the class whose entries these are.</summary>
    public VocClassResult Evaluate(int classIndex, ImageGroups objectGroups, ImageGroups detectionGroups)
    {
        ReadOnlySpan<int> truths = objectGroups.Group(classIndex);
        ReadOnlySpan<int> found = detectionGroups.Group(classIndex);
        int positives = 0;
        foreach (int truth in truths)
        {
            positives += Counts(truth) ? 1 : 0;
        }

        while (!found.IsEmpty)
        {
            int image = detectionGroups.FirstImage(found);
            while (objectGroups.FirstImage(truths) < image)
            {
                objectGroups.TakeImage(ref truths, objectGroups.FirstImage(truths));
            }

            AddImage(detectionGroups.TakeImage(ref found, image).ToArray(), objectGroups.TakeImage(ref truths, image));
        }

        return Curve(classIndex, positives);
    }

    private bool Counts(int truth) => objects.Difficult?[truth] != true && InRange(objects.Boxes.AsSpan(4 * truth, 4));

    private bool InRange(ReadOnlySpan<double> box) => options.Scale is not { } scale || scale.Contains(VocBox.Area(box, _extra));

    private void AddImage(int[] found, ReadOnlySpan<int> truths)
    {
        DescendingScores.Sort(found, detections.Scores);
        var taken = new bool[truths.Length];
        foreach (int detection in found)
        {
            ReadOnlySpan<double> box = detections.Boxes.AsSpan(4 * detection, 4);
            int best = BestTruth(box, truths, out double overlap);
            bool matches = best >= 0 && (options.AboveThreshold ? overlap > options.IouThreshold : overlap >= options.IouThreshold);
            _scores.Add(detections.Scores[detection]);
            if (matches)
            {
                _verdicts.Add(!Counts(truths[best]) ? Verdict.Ignored : taken[best] ? Verdict.Miss : Verdict.Hit);
                taken[best] = true;
            }
            else
            {
                _verdicts.Add(InRange(box) ? Verdict.Miss : Verdict.Ignored);
            }
        }
    }

    // The object of greatest overlap, taken or not: VOC gives a second detection of an object no second choice.
    private int BestTruth(ReadOnlySpan<double> box, ReadOnlySpan<int> truths, out double overlap)
    {
        (int best, overlap) = (-1, -1);
        for (int g = 0; g < truths.Length; g++)
        {
            double candidate = VocBox.Overlap(box, objects.Boxes.AsSpan(4 * truths[g], 4), _extra);
            if (candidate > overlap)
            {
                (best, overlap) = (g, candidate);
            }
        }

        return best;
    }

    private VocClassResult Curve(int classIndex, int positives)
    {
        int[] order = [.. Enumerable.Range(0, _scores.Count)];
        DescendingScores.Sort(order, CollectionsMarshal.AsSpan(_scores));
        (var recall, var precision) = (new double[order.Length], new double[order.Length]);
        (int hits, int misses) = (0, 0);
        for (int i = 0; i < order.Length; i++)
        {
            hits += _verdicts[order[i]] == Verdict.Hit ? 1 : 0;
            misses += _verdicts[order[i]] == Verdict.Miss ? 1 : 0;
            recall[i] = positives == 0 ? 0 : (double)hits / positives;
            precision[i] = hits == 0 ? 0 : (double)hits / (hits + misses);
        }

        return new VocClassResult(classIndex, positives, recall, precision,
            VocAveragePrecision.Compute(recall, precision, options.Interpolation));
    }
}
