using System.Text;

namespace Retort.Training.Recipes.Reading;

/// <summary>How C# names are written in YAML: keys in camelCase, enum values in kebab-case.</summary>
internal static class Names
{
    public static string Key(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    public static string Value(Enum value) => Value(value.ToString());

    public static string Value(string member)
    {
        var text = new StringBuilder();
        foreach (char c in member)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
