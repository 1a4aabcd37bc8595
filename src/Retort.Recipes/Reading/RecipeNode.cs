using Retort.Core.Options;

namespace Retort.Recipes.Reading;

/// <summary>Where a value was written: a file and a line, or a command-line override (line 0).</summary>
internal readonly record struct RecipeOrigin(string Source, int Line)
{
    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;

    /// <summary>The folder that relative paths written here start from; overrides start from the current folder.</summary>
    public string Folder => Line > 0 ? Path.GetDirectoryName(Path.GetFullPath(Source))! : Directory.GetCurrentDirectory();
}

/// <summary>A value of a recipe before it is typed. Nodes are immutable and remember where they were written.</summary>
internal abstract record RecipeNode(RecipeOrigin Origin)
{
    /// <summary>What a person would call this kind of node.</summary>
    public abstract string Kind { get; }
}

/// <summary>A single value as text; <paramref name="Quoted"/> says that it can only be text.</summary>
internal sealed record RecipeScalar(RecipeOrigin Origin, string Text, bool Quoted = false) : RecipeNode(Origin)
{
    public override string Kind => IsNull ? "nothing" : $"'{Text}'";

    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

/// <summary>A list of values.</summary>
internal sealed record RecipeList(RecipeOrigin Origin, IReadOnlyList<RecipeNode> Items) : RecipeNode(Origin)
{
    public override string Kind => "a list";
}

/// <summary>One <c>key: value</c> of a map, with the place of its key.</summary>
internal sealed record RecipeEntry(string Key, RecipeOrigin KeyOrigin, RecipeNode Value);

/// <summary>A map; keys are unique and keep the order in which they first appeared.</summary>
internal sealed record RecipeMap(RecipeOrigin Origin, IReadOnlyList<RecipeEntry> Entries) : RecipeNode(Origin)
{
    public override string Kind => "a map of keys";

    public RecipeEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    public RecipeMap Without(params ReadOnlySpan<string> keys)
    {
        string[] dropped = keys.ToArray();
        return this with { Entries = [.. Entries.Where(e => !dropped.Contains(e.Key))] };
    }

    /// <summary>This map with one entry replaced in place, or added at the end.</summary>
    public RecipeMap With(RecipeEntry entry) => Find(entry.Key) is null
        ? this with { Entries = [.. Entries, entry] }
        : this with { Entries = [.. Entries.Select(e => e.Key == entry.Key ? entry : e)] };

    /// <summary>
    /// This map with another laid over it: maps merge deeply, a map of another <c>type</c> of the same choice replaces the earlier one,
    /// lists of <paramref name="later"/> that begin with <see cref="ListInheritance.Marker"/> continue the earlier ones, everything else of
    /// it replaces.
    /// </summary>
    /// <param name="later">The other map.</param>
    /// <param name="record">The record that both are bound to; null if that is not known.</param>
    public RecipeMap Overlay(RecipeMap later, Type? record)
    {
        RecipeMap result = this;
        foreach (RecipeEntry entry in later.Entries)
        {
            OptionProperty? property = record is null ? null : OptionSchema.Find(record, entry.Key);
            result = result.With(entry with { Value = Merge(result.Find(entry.Key)?.Value, entry.Value, record, property) });
        }

        return result;
    }

    /// <summary>What stands at a place where one value is laid over another, or over none.</summary>
    /// <param name="earlier">The value below; null for none.</param>
    /// <param name="later">The value above.</param>
    /// <param name="owner">The record that has the value; null if that is not known.</param>
    /// <param name="property">The record's property; null if that is not known.</param>
    public static RecipeNode Merge(RecipeNode? earlier, RecipeNode later, Type? owner, OptionProperty? property) => (earlier, later) switch
    {
        (RecipeMap below, RecipeMap above) when Replaces(below, above, property) => above,
        (RecipeMap below, RecipeMap above) => below.Overlay(above, RecordOf(below, above, owner, property)),
        (RecipeList below, RecipeList above) when ListInheritance.Continues(above) =>
            above with { Items = [.. below.Items, .. above.Items.Skip(1)] },

        // One item may be written without the list around it.
        (RecipeMap below, RecipeList above) when ListInheritance.Continues(above) => above with { Items = [below, .. above.Items.Skip(1)] },
        _ => later,
    };

    private static bool Replaces(RecipeMap below, RecipeMap above, OptionProperty? property) =>
        property is not null && OptionKinds.Of(property.Type) is { ReplacesOthers: true } kinds
        && RecordChoice.Named(kinds, below) is { } old && RecordChoice.Named(kinds, above) is { } given && old != given;

    private static Type? RecordOf(RecipeMap below, RecipeMap above, Type? owner, OptionProperty? property) =>
        owner is null || property is null || !OptionSchema.IsOptions(property.Type) ? null
        : OptionKinds.Of(property.Type) is { } kinds && above.Find(kinds.Key) is null ? RecordChoice.Of(owner, property, below)
        : RecordChoice.Of(owner, property, above);
}
