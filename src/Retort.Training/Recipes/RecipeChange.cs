using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>An option that two recipes have different values for.</summary>
/// <param name="Path">Its keys, such as <c>schedule.epochs</c>; items of lists are counted from 0.</param>
/// <param name="Before">The first recipe's value as it would be written; empty where it has none.</param>
/// <param name="After">The second recipe's value.</param>
public sealed record RecipeChange(string Path, string Before, string After)
{
    /// <summary>
    /// What may change without any effect on what a run has learnt: names, places of results, how the work is spread, and what becomes of images that cannot be
    /// read, of which there was none so far or the run would have ended.
    /// </summary>
    private static readonly string[] WithoutEffect =
        ["name", "description", "aliases", "paper", "published", "output", "log", "device", "threads", "loader.workers", "loader.prefetch", "loader.evaluationBatchSize", "loader.unreadable"];

    /// <summary>The options that differ and have an effect on what a run learns or measures, in the order of a canonical recipe.</summary>
    public static IReadOnlyList<RecipeChange> Between(Recipe before, Recipe after)
    {
        Dictionary<string, string> first = Leaves(before), second = Leaves(after);
        return
        [
            .. first.Keys.Union(second.Keys)
                .Where(path => !WithoutEffect.Any(free => path == free || path.StartsWith(free + ".", StringComparison.Ordinal)))
                .Select(path => new RecipeChange(path, first.GetValueOrDefault(path, ""), second.GetValueOrDefault(path, "")))
                .Where(change => change.Before != change.After),
        ];
    }

    /// <summary>The change as a person says it: <c>schedule.epochs: 12 -> 24</c>.</summary>
    public override string ToString() => $"{Path}: {Shown(Before)} -> {Shown(After)}";

    private static string Shown(string value) => value.Length > 0 ? value : "nothing";

    private static Dictionary<string, string> Leaves(Recipe recipe)
    {
        var leaves = new Dictionary<string, string>();
        Collect(YamlReader.ReadMap(recipe.ToYaml(), "recipe"), "", leaves);
        return leaves;
    }

    private static void Collect(RecipeNode node, string path, Dictionary<string, string> leaves)
    {
        switch (node)
        {
            case RecipeMap map:
                foreach (RecipeEntry entry in map.Entries)
                {
                    Collect(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", leaves);
                }

                break;
            case RecipeList list when list.Items.Any(item => item is RecipeMap):
                for (int k = 0; k < list.Items.Count; k++)
                {
                    Collect(list.Items[k], $"{path}.{k}", leaves);
                }

                break;
            default:
                leaves[path] = Text(node);
                break;
        }
    }

    private static string Text(RecipeNode node) => node switch
    {
        RecipeScalar scalar => scalar.Text,
        RecipeList list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        _ => throw new ArgumentException("a map has no text of its own", nameof(node)),
    };
}
