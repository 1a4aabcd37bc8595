namespace Retort.Evaluation.Dota;

/// <summary>Greedy non-maximum suppression of polygons.</summary>
internal static class PolygonNms
{
    /// <summary>The entries that stay, from the surest on: each overlaps every surer one that stays by at most the threshold.</summary>
    /// <param name="polygons">All polygons.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="entries">Indices into both; they are put into the order of the scores.</param>
    /// <param name="threshold">Intersection over union, 0 to 1.</param>
    public static List<int> Keep(PolygonSet polygons, double[] scores, Span<int> entries, double threshold)
    {
        DescendingScores.Sort(entries, scores);
        List<int> kept = [];
        foreach (int entry in entries)
        {
            bool isFree = true;
            for (int k = 0; k < kept.Count && isFree; k++)
            {
                isFree = polygons.Overlap(entry, polygons, kept[k]) <= threshold;
            }

            if (isFree)
            {
                kept.Add(entry);
            }
        }

        return kept;
    }
}
