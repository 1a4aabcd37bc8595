namespace Retort.Evaluation.Coco;

/// <summary>Copies what a matcher holds into a result of its own.</summary>
internal static class CocoImageMatchesBuilder
{
    public static CocoImageMatches Build(CocoProblem problem, CocoImageMatcher matcher, CocoAreaRange area)
    {
        int[] order = matcher.TruthOrder.ToArray();
        int[] detections = matcher.Detections.ToArray();
        bool[] ignored = matcher.TruthIgnored.ToArray();
        int[,] truthOf = Table(matcher.TruthOfDetection, problem.Options.IouThresholds.Count, detections.Length);
        int[,] detectionOf = Table(matcher.DetectionOfTruth, problem.Options.IouThresholds.Count, order.Length);
        return new CocoImageMatches
        {
            Detections = detections,
            Scores = Array.ConvertAll(detections, d => problem.Detections.Scores[d]),
            GroundTruthIds = Array.ConvertAll(order, g => problem.GroundTruth.AnnotationIds[matcher.Truths[g]]),
            GroundTruthIgnored = Array.ConvertAll(order, g => ignored[g]),
            GroundTruthOfDetection = Map(truthOf, (t, d) => truthOf[t, d] < 0 ? -1 : Array.IndexOf(order, truthOf[t, d])),
            DetectionOfGroundTruth = Map(detectionOf, (t, g) => detectionOf[t, order[g]]),
            DetectionIgnored = Map(truthOf, (t, d) => truthOf[t, d] < 0 ? area.Excludes(problem.Detections.Area(detections[d]))
                : ignored[truthOf[t, d]]),
            Overlaps = Table(matcher.Overlaps, detections.Length, order.Length),
        };
    }

    private static T[,] Table<T>(ReadOnlySpan<T> values, int rows, int columns)
    {
        var table = new T[rows, columns];
        for (int i = 0; i < values.Length; i++)
        {
            table[i / columns, i % columns] = values[i];
        }

        return table;
    }

    private static TResult[,] Map<T, TResult>(T[,] like, Func<int, int, TResult> value)
    {
        var table = new TResult[like.GetLength(0), like.GetLength(1)];
        for (int i = 0; i < table.GetLength(0); i++)
        {
            for (int j = 0; j < table.GetLength(1); j++)
            {
                table[i, j] = value(i, j);
            }
        }

        return table;
    }
}
