using System.CommandLine;
using System.CommandLine.Parsing;
using Retort.Recipes;
using Retort.Recipes.Reading;

namespace Retort.Cli.Shell;

/// <summary>What a person may have meant who wrote a command or an option that there is not.</summary>
internal static class Mistyping
{
    private const string OptionPrefix = "--";
    private const int OptionsNamed = 3;

    /// <summary>
    /// The first word that looks like an option and is none, wherever it was taken for something else, such as a picture's name; null where
    /// there is none.
    /// </summary>
    public static string? StrayOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith(OptionPrefix, StringComparison.Ordinal))?.Value;

    /// <summary>A line about the first such word; null where the mistake is another one.</summary>
    public static string? Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return StrayOption(parsed) is { } option ? ExplainOption(command, option, parsed)
            : parsed.UnmatchedTokens is [{ } word, ..] && command is { Subcommands.Count: > 0, Arguments.Count: 0 }
                ? ExplainCommand(command, word)
            : null;
    }

    private static string ExplainCommand(Command command, string word)
    {
        string[] names = [.. command.Subcommands.Select(c => c.Name)];

        // The right word without the group that it belongs to: 'synth' for 'dataset synth'.
        string? nested = command.Subcommands.SelectMany(group => group.Subcommands.Where(c => c.Name == word)
            .Select(c => $"{group.Name} {c.Name}")).FirstOrDefault();
        return $"there is no command '{word}'{(nested is null ? Spelling.Hint(word, names) : $"; did you mean '{nested}'?")}";
    }

    private static string ExplainOption(Command command, string word, ParseResult parsed)
    {
        string[] parts = word.Split('=', 2);
        (string option, string[] known) = (parts[0], [.. command.Options.Select(o => o.Name)]);
        string[] keys = known.Contains("--set") ? RecipeKeys(option) : [];
        string value = parts.Length > 1 ? parts[1] : ValueAfter(word, parsed) ?? "...";
        return $"there is no option '{option}'" + (keys.Length > 0
            ? $"; options of a recipe are changed by --set: {string.Join(" or ", keys.Select(key => $"--set {key}={value}"))}"
            : Spelling.Hint(option, known));
    }

    /// <summary>
    /// The options of a recipe whose last key is written so: <c>--batch-size</c> is <c>loader.batchSize</c>. Those of a teacher and of list
    /// items are left out.
    /// </summary>
    private static string[] RecipeKeys(string option)
    {
        string plain = option.Replace("-", "", StringComparison.Ordinal);
        return
        [
            .. RecipeReference.All().Select(o => o.Path)
                .Where(path => !path.Contains('[') && path.Split('.')[^1].Equals(plain, StringComparison.OrdinalIgnoreCase))
                .OrderBy(path => path.Count(c => c == '.'))
                .Take(OptionsNamed),
        ];
    }

    private static string? ValueAfter(string word, ParseResult parsed) => parsed.Tokens
        .SkipWhile(token => token.Value != word).Skip(1).Take(1)
        .FirstOrDefault(token => token.Type == TokenType.Argument && !token.Value.StartsWith(
            OptionPrefix, StringComparison.Ordinal))?.Value;
}
