namespace Retort.Vision.Datasets;

/// <summary>Suggestions for misspelt names.</summary>
internal static class NearestName
{
    /// <summary>A sentence that lists the known names and says which is nearest to <paramref name="name"/>.</summary>
    public static string Advice(string name, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
        {
            return "No name is known here.";
        }

        string nearest = known.MinBy(k => Distance(name.ToLowerInvariant(), k.ToLowerInvariant()))!;
        const int Shown = 30;
        string more = known.Count > Shown ? $" and {known.Count - Shown} more" : "";
        return $"Nearest: '{nearest}'. Known: {string.Join(", ", known.Take(Shown))}{more}.";
    }

    // Levenshtein distance.
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
