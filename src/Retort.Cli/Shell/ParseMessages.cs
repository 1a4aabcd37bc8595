using System.CommandLine;
using System.CommandLine.Parsing;

namespace Retort.Cli.Shell;

/// <summary>What the parser of the command line reports, in words that need no knowledge of .NET.</summary>
internal static class ParseMessages
{
    /// <summary>
    /// A message for a person. Numbers are parsed by <see cref="NumberOption"/>, which has messages of its own; what remains are switches
    /// with a value.
    /// </summary>
    /// <param name="error">The parser's error.</param>
    public static string Human(ParseError error) =>
        error.SymbolResult is OptionResult { Option: Option<bool> option, Tokens: [{ } token] } && !bool.TryParse(token.Value, out _)
            ? $"{option.Name} is '{token.Value}'; it must be true or false."
            : error.Message;
}
