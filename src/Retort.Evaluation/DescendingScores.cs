namespace Retort.Evaluation;

/// <summary>Orders entries by descending score; between equal scores the order they came in stays.</summary>
internal static class DescendingScores
{
    private const int SmallCount = 32;

    private readonly record struct Key(double Score, int Position, int Entry) : IComparable<Key>
    {
        public int CompareTo(Key other) =>
            Score > other.Score ? -1 : Score < other.Score ? 1 : Position.CompareTo(other.Position);
    }

    /// <summary>Sorts <paramref name="entries"/>, which index <paramref name="scores"/>, in place.</summary>
    public static void Sort(Span<int> entries, ReadOnlySpan<double> scores)
    {
        if (entries.Length <= SmallCount)
        {
            InsertionSort(entries, scores);
            return;
        }

        var keys = new Key[entries.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = new Key(scores[entries[i]], i, entries[i]);
        }

        Array.Sort(keys);
        for (int i = 0; i < keys.Length; i++)
        {
            entries[i] = keys[i].Entry;
        }
    }

    // An image has few detections of a category: no keys need be made for them.
    private static void InsertionSort(Span<int> entries, ReadOnlySpan<double> scores)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            int entry = entries[i];
            int at = i;
            for (; at > 0 && scores[entries[at - 1]] < scores[entry]; at--)
            {
                entries[at] = entries[at - 1];
            }

            entries[at] = entry;
        }
    }
}
