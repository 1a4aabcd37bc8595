namespace Retort.Fuzzing.Targets;

/// <summary>Every reader of files that come from elsewhere.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } = [.. LabelTargets.All(), .. RecipeTargets.All(), .. CheckpointTargets.All(),
        .. ImageTargets.All()];

    /// <summary>The targets of a name, or those that begin with it; null for all.</summary>
    public static IReadOnlyList<FuzzTarget> Named(string? name)
    {
        FuzzTarget[] found = [.. All.Where(t => name is null || t.Name == name)];
        return found.Length > 0 ? found : [.. All.Where(t => t.Name.StartsWith(name!, StringComparison.Ordinal))];
    }
}
