using System.Text.RegularExpressions;

namespace Retort.Recipes.Reading;

/// <summary>
/// Replaces <c>${NAME}</c> and <c>${NAME:-default}</c> in texts by environment variables, so that a recipe names data without naming a
/// machine. A default may itself have references (<c>${VOC:-${DATA:-data}/voc}</c>); what a variable holds is taken as it is.
/// </summary>
internal static partial class EnvironmentReferences
{
    public static RecipeNode Expand(RecipeNode node) => node switch
    {
        RecipeScalar scalar => scalar with { Text = Expand(scalar.Text, scalar.Origin) },
        RecipeList list => list with { Items = [.. list.Items.Select(Expand)] },
        RecipeMap map => map with { Entries = [.. map.Entries.Select(e => e with { Value = Expand(e.Value) })] },
        _ => node,
    };

    public static string Expand(string text, RecipeOrigin origin) => Expand(text, origin, depth: 0);

    private static string Expand(string text, RecipeOrigin origin, int depth) => Reference().Replace(text, match =>
    {
        if (depth == YamlReader.DeepestNesting)
        {
            throw new RecipeException(
                $"{origin}: references to environment variables are nested deeper than {YamlReader.DeepestNesting} levels");
        }

        string name = match.Groups["name"].Value;
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
        {
            return value;
        }

        return match.Groups["default"].Success
            ? Expand(match.Groups["default"].Value, origin, depth + 1)
            : throw new RecipeException($"{origin}: the environment variable {name} is not set; set it, or write ${{{name}:-a default}}");
    });

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>(?:[^{}]|(?<open>\{)|(?<-open>\}))*(?(open)(?!))))?\}")]
    private static partial Regex Reference();
}
