namespace Retort.Training.Recipes.Reading;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, case and punctuation not counting; null where none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        string plain = Plain(written);
        (string Name, int Edits) best = candidates
            .Select(c => (Name: c, Edits: Plain(c).StartsWith(plain, StringComparison.Ordinal) && plain.Length >= 3 ? 1 : Distance(plain, Plain(c))))
            .DefaultIfEmpty((Name: "", Edits: int.MaxValue))
            .MinBy(c => c.Edits);
        return best.Edits <= Math.Max(1, plain.Length / 3) ? best.Name : null;
    }

    /// <summary>The clause "; did you mean 'x'?" or, with nothing near, the known names.</summary>
    public static string Hint(string written, IReadOnlyList<string> candidates) => Nearest(written, candidates) is { } near
        ? $"; did you mean '{near}'?"
        : $"; known here: {string.Join(", ", candidates)}";

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours (the optimal string alignment distance).</summary>
    private static int Distance(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1),
                    Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[a.Length, b.Length];
    }
}
