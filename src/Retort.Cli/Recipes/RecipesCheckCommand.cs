using System.CommandLine;
using System.Globalization;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Training.Checking;
using Retort.Recipes;
using Retort.Training.Running;
using Spectre.Console;
using ProgressTask = Retort.Cli.Progress.ProgressTask;

namespace Retort.Cli.Recipes;

/// <summary><c>retort recipes check</c>: builds every recipe and makes one step of training with it.</summary>
internal static class RecipesCheckCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="terminal">Where to write.</param>
    /// <param name="before">The argument of the command above it: a recipe may be named there too.</param>
    public static Command Create(Terminal terminal, Argument<string?> before)
    {
        Argument<string?> one = new("recipe")
        {
            Description = "Check this recipe, a YAML file or a name that 'retort recipes' lists, "
            + "instead of all.",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<string?> filter = RecipesCommand.Filter();
        Option<string?> folder = RecipesCommand.FolderOption();
        Option<string[]> set = RecipeOptions.Set();
        var command = new DocumentedCommand(
            "check",
            "Build every recipe, or one, and make one step of training with it: small drawn images, random weights, on the CPU. Needs "
                + "neither data nor weights.",
            "retort recipes check",
            "retort recipes check my/student.yaml",
            "retort recipes check --filter coco/ld_")
        {
            one, filter, folder, set,
        };
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(one) ?? parsed.GetValue(before), under = parsed.GetValue(folder), text = parsed.GetValue(filter);
            if (name is not null && (under is not null || text is not null))
            {
                throw new RetortException("--folder and --filter choose from the list; to check one recipe, omit them");
            }

            return Check(terminal, name is null ? RecipesCommand.Listed(under, text)
                : [RecipeCatalog.Describe(RecipeOptions.Find(name), name)], parsed.GetValue(set)!);
        });
        return command;
    }

    private static int Check(Terminal terminal, IReadOnlyList<CatalogEntry> entries, string[] overrides)
    {
        var outcomes = new Dictionary<string, RecipeOutcome>();
        var recipes = new Dictionary<string, Recipe>();
        foreach (CatalogEntry entry in entries)
        {
            outcomes[entry.Name] = RecipeOutcome.Of(() =>
            {
                recipes[entry.Name] = Recipe.Load(entry.Path, overrides);
                return "";
            });
        }

        using var check = new RecipeCheck();
        using ProgressTask progress = terminal.Progress.Start("checking", entries.Count, "recipes");
        progress.Advance(entries.Count - recipes.Count);
        foreach ((string name, Recipe recipe) in RecipeCheck.InOrder(recipes))
        {
            outcomes[name] = RecipeOutcome.Of(() => Describe(Check(check, recipe)));
            progress.Advance(note: name);
        }

        Print(terminal, outcomes);
        int failed = outcomes.Values.Count(outcome => outcome.Code != ExitCode.Success);
        terminal.Output.WriteLine(
            $"{outcomes.Count - failed} of {outcomes.Count} {(outcomes.Count == 1 ? "recipe works" : "recipes work")}");
        return RecipeOutcome.CodeOf(outcomes.Values);
    }

    private static StepValues Check(RecipeCheck check, Recipe recipe)
    {
        ProcessSettings.UseThreads(recipe);
        return check.Run(recipe);
    }

    private static string Describe(StepValues values) =>
        string.Join(", ", values.Terms.Select(term => $"{term.Key["loss_".Length..]} "
            + $"{term.Value.ToString("g3", CultureInfo.InvariantCulture)}"));

    private static void Print(Terminal terminal, Dictionary<string, RecipeOutcome> outcomes)
    {
        Table table = Terminal.NewTable("recipe", "outcome", "losses of the first step, or what is wrong", Heading.Number("seconds"));
        foreach ((string name, RecipeOutcome outcome) in outcomes.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            table.AddRow(Markup.Escape(name), outcome.Code == ExitCode.Success ? "ok"
                : "fails", Markup.Escape(outcome.Detail), outcome.Taken.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        }

        terminal.Write(table);
    }
}
