using Retort.Core.Options;

namespace Retort.Recipes;

/// <summary>What the options of a recipe have an effect on, by their keys.</summary>
public static class OptionEffects
{
    /// <summary>The effects of an option, or of the options of a group; empty if recipes have no such key.</summary>
    /// <param name="path">The keys, such as <c>schedule.epochs</c>; items of lists are counted from 0.</param>
    public static IReadOnlyList<Effect> Of(string path) => [.. Below([typeof(Recipe)], path.Split('.'), Effect.Network).Distinct()];

    private static IEnumerable<Effect> Below(IReadOnlyList<Type> records, ArraySegment<string> keys, Effect effect)
    {
        if (keys.Count == 0)
        {
            return records.Count == 0 ? [effect]
                : records.SelectMany(record => OptionSchema.Of(record).SelectMany(p => Below(Inside(record, p), [], p.EffectIn(effect))));
        }

        // The key of a kind has the effect of the whole choice; a number is an item of a list.
        IEnumerable<Effect> kinds = keys.Count == 1 && records.Any(record => OptionKinds.Above(record)?.Key == keys[0]) ? [effect] : [];
        return int.TryParse(keys[0], out _)
            ? Below(records, keys[1..], effect)
            : kinds.Concat(records.SelectMany(record =>
                OptionSchema.Find(record, keys[0]) is { } property ? Below(Inside(record, property), keys[1..], property.EffectIn(effect))
                    : []));
    }

    private static IReadOnlyList<Type> Inside(Type owner, OptionProperty property)
    {
        Type declared = property.ElementType ?? property.Type;
        return OptionKinds.Of(declared)?.Records
            ?? (OptionSchema.IsOptions(declared)
                ? [property.ElementType is null ? property.Get(OptionSchema.Defaults(owner))?.GetType() ?? declared : declared] : []);
    }
}
