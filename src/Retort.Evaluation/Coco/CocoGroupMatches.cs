namespace Retort.Evaluation.Coco;

/// <summary>
/// The outcome of matching one category over all images: a bit a detection and threshold for each area range. Detections follow image
/// rank, then descending score.
/// </summary>
internal sealed class CocoGroupMatches
{
    private readonly List<double> _scores = [];
    private readonly List<int> _places = [];

    private CocoGroupMatches(int areaCount)
    {
        Matched = [.. Enumerable.Range(0, areaCount).Select(_ => new List<uint>())];
        Ignored = [.. Enumerable.Range(0, areaCount).Select(_ => new List<uint>())];
        Positives = new int[areaCount];
    }

    /// <summary>Scores of the detections [D].</summary>
    public List<double> Scores => _scores;

    /// <summary>Place of each detection among its image's by descending score, from 0 [D].</summary>
    public List<int> Places => _places;

    /// <summary>For each area range: bit t of an entry says that the detection has a match at threshold t [A][D].</summary>
    public List<uint>[] Matched { get; }

    /// <summary>For each area range: bit t of an entry says that the detection does not count at threshold t [A][D].</summary>
    public List<uint>[] Ignored { get; }

    /// <summary>For each area range, the number of objects that count [A].</summary>
    public int[] Positives { get; }

    /// <summary>Matches one group (a category, or all of them).</summary>
    public static CocoGroupMatches Compute(CocoProblem problem, CocoImageMatcher matcher, int group)
    {
        var matches = new CocoGroupMatches(problem.Options.AreaRanges.Count);
        ReadOnlySpan<int> detections = problem.DetectionGroups.Group(group);
        ReadOnlySpan<int> truths = problem.TruthGroups.Group(group);
        while (!detections.IsEmpty || !truths.IsEmpty)
        {
            int image = Math.Min(problem.DetectionGroups.FirstImage(detections), problem.TruthGroups.FirstImage(truths));
            matcher.Load(problem.DetectionGroups.TakeImage(ref detections, image), problem.TruthGroups.TakeImage(ref truths, image));
            matches.AddImage(problem, matcher);
        }

        return matches;
    }

    private void AddImage(CocoProblem problem, CocoImageMatcher matcher)
    {
        for (int d = 0; d < matcher.Detections.Length; d++)
        {
            _scores.Add(problem.Detections.Scores[matcher.Detections[d]]);
            _places.Add(d);
        }

        for (int a = 0; a < Positives.Length; a++)
        {
            CocoAreaRange range = problem.Options.AreaRanges[a];
            matcher.Match(range);
            Positives[a] += matcher.TruthIgnored.Count(false);
            for (int d = 0; d < matcher.Detections.Length; d++)
            {
                (uint matched, uint ignored) = Bits(problem, matcher, range, d);
                Matched[a].Add(matched);
                Ignored[a].Add(ignored);
            }
        }
    }

    private static (uint Matched, uint Ignored) Bits(CocoProblem problem, CocoImageMatcher matcher, CocoAreaRange range, int detection)
    {
        bool outside = range.Excludes(problem.Detections.Area(matcher.Detections[detection]));
        (uint matched, uint ignored) = (0, 0);
        for (int t = 0; t < problem.Options.IouThresholds.Count; t++)
        {
            int truth = matcher.TruthOfDetection[(t * matcher.Detections.Length) + detection];
            matched |= (truth >= 0 ? 1u : 0) << t;
            ignored |= ((truth >= 0 ? matcher.TruthIgnored[truth] : outside) ? 1u : 0) << t;
        }

        return (matched, ignored);
    }
}
