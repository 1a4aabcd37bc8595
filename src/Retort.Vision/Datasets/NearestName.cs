using Retort.Core.Text;

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

        string nearest = known.MinBy(k => EditDistance.Between(name.ToLowerInvariant(), k.ToLowerInvariant()))!;
        const int Shown = 30;
        string more = known.Count > Shown ? $" and {known.Count - Shown} more" : "";
        return $"Nearest: '{nearest}'. Known: {string.Join(", ", known.Take(Shown))}{more}.";
    }
}
