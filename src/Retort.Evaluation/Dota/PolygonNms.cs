namespace Retort.Evaluation.Dota;

/// <summary>Greedy non-maximum suppression of polygons.</summary>
internal static class PolygonNms
{
    /// <summary>The entries that stay, highest score first: each overlaps every higher one kept by at most the threshold.</summary>
    /// <param name="polygons">All polygons.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="entries">Indices into both; they are put into the order of the scores.</param>
    /// <param name="threshold">Intersection over union, 0 to 1.</param>
    public static List<int> Keep(PolygonSet polygons, double[] scores, Span<int> entries, double threshold)
    {
        DescendingScores.Sort(entries, scores);
        (double[] lefts, int[] ranks, double widest) = FromLeftToRight(polygons, entries);
        var suppressed = new bool[entries.Length];
        List<int> kept = [];
        for (int rank = 0; rank < entries.Length; rank++)
        {
            if (suppressed[rank])
            {
                continue;
            }

            kept.Add(entries[rank]);

            // What it can overlap begins at most the widest polygon before it, and not behind its end.
            (double left, double right) = polygons.Sides(entries[rank]);
            for (int k = FirstFrom(lefts, left - widest); k < lefts.Length && lefts[k] < right; k++)
            {
                int other = ranks[k];
                suppressed[other] |= other > rank && !suppressed[other]
                    && polygons.Overlap(entries[other], polygons, entries[rank]) > threshold;
            }
        }

        return kept;
    }

    // Left ends in ascending order with the ranks of their polygons, and the largest width.
    private static (double[] Lefts, int[] Ranks, double Widest) FromLeftToRight(PolygonSet polygons, ReadOnlySpan<int> entries)
    {
        (var lefts, var ranks, double widest) = (new double[entries.Length], new int[entries.Length], 0.0);
        for (int rank = 0; rank < ranks.Length; rank++)
        {
            (double left, double right) = polygons.Sides(entries[rank]);
            (lefts[rank], ranks[rank], widest) = (left, rank, Math.Max(widest, right - left));
        }

        Array.Sort(lefts, ranks);
        return (lefts, ranks, widest);
    }

    private static int FirstFrom(double[] ascending, double value)
    {
        (int low, int high) = (0, ascending.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
