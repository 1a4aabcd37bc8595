namespace Retort.Recipes.Reading;

/// <summary>
/// Lists that go on where an included file's ended: <c>[inherited, more]</c>. So a part of a recipe can add terms to a distillation that it
/// does not know.
/// </summary>
internal static class ListInheritance
{
    /// <summary>The first item of such a list, standing for the items that were there before.</summary>
    public const string Marker = "inherited";

    /// <summary>Whether a list goes on where another one ended.</summary>
    public static bool Continues(RecipeList list) => list.Items is [RecipeScalar { Quoted: false, Text: Marker }, ..];

    /// <summary>The tree when nothing more comes before it: a list that still wants to continue begins here.</summary>
    public static RecipeNode Complete(RecipeNode node) => node switch
    {
        RecipeList list => list with { Items = [.. list.Items.Skip(Continues(list) ? 1 : 0).Select(Complete)] },
        RecipeMap map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Complete(e.Value) })] },
        _ => node,
    };
}
