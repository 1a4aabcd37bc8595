using System.Collections;
using Retort.Core.Options;
using Retort.Vision.Transforms;

namespace Retort.Recipes;

/// <summary>An option that two recipes have different values for.</summary>
/// <param name="Path">Its keys, such as <c>schedule.epochs</c>; items of lists are counted from 0.</param>
/// <param name="Before">The first recipe's value as it would be written; empty where it has none.</param>
/// <param name="After">The second recipe's value.</param>
/// <param name="Effect">What the option has an effect on.</param>
public sealed record RecipeChange(string Path, string Before, string After, Effect Effect)
{
    /// <summary>The options that differ and have an effect on what a run learns or measures, in the order of a canonical recipe.</summary>
    /// <param name="before">A recipe.</param>
    /// <param name="after">Another.</param>
    public static IReadOnlyList<RecipeChange> Between(Recipe before, Recipe after)
    {
        (before, after) = (WithTeacherOf(before, after), WithTeacherOf(after, before));
        return [.. Records(before, after, "", Effect.Network)
            .Where(change => change.Effect is not (Effect.Nothing or Effect.Execution or Effect.Output))];
    }

    /// <summary>The change as a person says it: <c>schedule.epochs: 12 -> 24</c>.</summary>
    public override string ToString() => $"{Path}: {Shown(Before)} -> {Shown(After)}";

    // A teacher whose network its weights bring along has none in the recipe that could differ.
    private static Recipe WithTeacherOf(Recipe recipe, Recipe other) =>
        recipe.Teacher is { Model: null } teacher ? recipe with { Teacher = teacher with { Model = other.Teacher?.Model } } : recipe;

    private static string Shown(string value) => value.Length > 0 ? value : "nothing";

    /// <summary>The changes between two records, one of which may be missing.</summary>
    private static IEnumerable<RecipeChange> Records(object? before, object? after, string path, Effect effect)
    {
        if (OptionKinds.Above((before ?? after)!.GetType()) is { } kinds
            && Change(Key(path, kinds.Key), Kind(before), Kind(after), effect) is { } kind)
        {
            yield return kind;
        }

        foreach (string key in Keys(before).Union(Keys(after)))
        {
            (OptionProperty? first, OptionProperty? second) = (Find(before, key), Find(after, key));
            Effect own = (first ?? second)!.EffectIn(effect);
            foreach (RecipeChange change in Values(first?.Get(before!), second?.Get(after!), Key(path, key), own))
            {
                yield return change;
            }
        }
    }

    private static IEnumerable<RecipeChange> Values(object? before, object? after, string path, Effect effect)
    {
        (string Key, object Record)[] first = [.. OptionSchema.Records(path, before)], second = [.. OptionSchema.Records(path, after)];
        if (first.Length + second.Length == 0)
        {
            return Change(path, Text(before), Text(after), effect) is { } change ? [change] : [];
        }

        return Enumerable.Range(0, Math.Max(first.Length, second.Length))
            .SelectMany(k => Records(first.ElementAtOrDefault(k).Record, second.ElementAtOrDefault(k).Record,
                (k < first.Length ? first : second)[k].Key, effect));
    }

    private static RecipeChange? Change(string path, string before, string after, Effect effect) =>
        before == after ? null : new RecipeChange(path, before, after, effect);

    private static IEnumerable<string> Keys(object? record) =>
        record is null ? [] : OptionSchema.Of(record.GetType()).Select(property => property.Key);

    private static OptionProperty? Find(object? record, string key) => record is null ? null : OptionSchema.Find(record.GetType(), key);

    private static string Kind(object? record) => record is null ? "" : OptionKinds.NameOf(record)!;

    private static string Key(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        ImageSize size => $"[{size.Width}, {size.Height}]",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Text))}]",
        _ => OptionRules.Text(value),
    };
}
