using Retort.Core.Options;

namespace Retort.Recipes.Reading;

/// <summary>Which record a map of a recipe is bound to: the kind that it names, otherwise the one that is there by default.</summary>
internal static class RecordChoice
{
    /// <summary>The record of a property.</summary>
    /// <param name="owner">The record that has the property.</param>
    /// <param name="property">A property of options, or of a list of them.</param>
    /// <param name="map">What the recipe has there; null for nothing.</param>
    public static Type Of(Type owner, OptionProperty property, RecipeMap? map)
    {
        Type declared = property.ElementType ?? property.Type;
        Type? usual = property.ElementType is null ? property.Get(OptionSchema.Defaults(owner))?.GetType() : null;
        return Of(declared, usual, map);
    }

    /// <summary>The record of a declared type.</summary>
    /// <param name="declared">A record, or a choice among some.</param>
    /// <param name="usual">The record that is there by default, if any.</param>
    /// <param name="map">What the recipe has there; null for nothing.</param>
    public static Type Of(Type declared, Type? usual, RecipeMap? map)
    {
        OptionKinds? kinds = OptionKinds.Of(declared);
        return kinds is not null && Named(kinds, map) is { } name && kinds.Record(name) is { } record ? record
            : usual ?? kinds?.Records[0] ?? declared;
    }

    /// <summary>The kind that a map names; null if it names none.</summary>
    public static string? Named(OptionKinds kinds, RecipeMap? map) => (map?.Find(kinds.Key)?.Value as RecipeScalar)?.Text;

    /// <summary>Whether a record has an option below it; the kinds on the way are those that a tree names.</summary>
    /// <param name="record">The record.</param>
    /// <param name="keys">The keys below it.</param>
    /// <param name="map">The record's map in the tree, or null.</param>
    public static bool Has(Type record, ReadOnlySpan<string> keys, RecipeMap? map) =>
        OptionSchema.Find(record, keys[0]) is { } property
        && (keys.Length == 1
            || (OptionSchema.IsOptions(property.Type) && map?.Find(keys[0])?.Value as RecipeMap is var below
                && (OptionKinds.Of(property.Type)?.Key == keys[1] || Has(Of(record, property, below), keys[1..], below))));
}
