using System.Text;

namespace Retort.Core.Options;

/// <summary>How C# names are written in recipes and messages: keys in camelCase, enum values in kebab-case.</summary>
public static class OptionNames
{
    /// <summary>The key of a property.</summary>
    /// <param name="property">The property's name.</param>
    public static string Key(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary>An enum value.</summary>
    /// <param name="value">The value.</param>
    public static string Value(Enum value) => Value(value.ToString());

    /// <summary>An enum value by the name of its member.</summary>
    /// <param name="member">The member's name.</param>
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
