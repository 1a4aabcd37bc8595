using System.Text.RegularExpressions;

namespace Retort.Cli.Shell;

/// <summary>What the parser of the command line reports, in words that need no knowledge of .NET.</summary>
internal static partial class ParseMessages
{
    /// <summary>A message for a person.</summary>
    /// <param name="message">The parser's.</param>
    public static string Human(string message)
    {
        if (WrongType().Match(message) is not { Success: true } match)
        {
            return message;
        }

        (string text, string option, string type) = (match.Groups["text"].Value, match.Groups["name"].Value, match.Groups["type"].Value);
        string wanted = type switch
        {
            "Int32" or "Int64" => "a whole number",
            "Double" or "Single" => "a number",
            "Boolean" => "true or false",
            _ => "something else",
        };
        return $"{option} is '{text}'; it must be {wanted}.";
    }

    [GeneratedRegex(@"^Cannot parse argument '(?<text>.*)' for (?:option|command|argument) '(?<name>.*)' as expected type 'System\.(?:Nullable`1\[System\.)?(?<type>\w+)\]?(?:\[\])?'\.", RegexOptions.Singleline)]
    private static partial Regex WrongType();
}
