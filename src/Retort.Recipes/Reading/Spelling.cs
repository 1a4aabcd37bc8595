using Retort.Core.Text;

namespace Retort.Recipes.Reading;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
public static class Spelling
{
    /// <summary>The candidate with the fewest edits, case and punctuation not counting; null where none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        string plain = Plain(written);
        (string Name, int Edits) best = candidates
            .Select(c => (Name: c, Edits: Plain(c).StartsWith(plain, StringComparison.Ordinal) && plain.Length >= 3 ? 1
                : EditDistance.Between(plain, Plain(c))))
            .DefaultIfEmpty((Name: "", Edits: int.MaxValue))
            .MinBy(c => c.Edits);
        return best.Edits <= Math.Max(1, plain.Length / 3) ? best.Name : null;
    }

    /// <summary>The clause "; did you mean 'x'?" or, with nothing near, the known names.</summary>
    public static string Hint(string written, IReadOnlyList<string> candidates) => Nearest(written, candidates) is { } near
        ? $"; did you mean '{near}'?"
        : $"; known here: {string.Join(", ", candidates)}";

    /// <summary>The clause for lists that are too long to show: the nearest name or the three nearest ones, and what lists all.</summary>
    /// <param name="written">What the person wrote.</param>
    /// <param name="candidates">The names that there are, with their folders before them.</param>
    /// <param name="lister">The command that lists them.</param>
    public static string Hint(string written, IReadOnlyList<string> candidates, string lister)
    {
        const int Shown = 3;
        string plain = Plain(written);
        int Edits(string name) =>
            Math.Min(EditDistance.Between(plain, Plain(name)), EditDistance.Between(plain, Plain(name[(name.LastIndexOf('/') + 1)..])));
        return candidates.Count == 0 ? ""
            : Nearest(written, candidates) is { } near ? $"; did you mean '{near}'? '{lister}' lists all"
            : $"; the nearest are {string.Join(", ", candidates.OrderBy(Edits).Take(Shown))}; '{lister}' lists all";
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
