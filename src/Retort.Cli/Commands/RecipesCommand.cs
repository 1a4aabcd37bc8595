using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Recipes;
using Spectre.Console;

namespace Retort.Cli.Commands;

/// <summary><c>retort recipes</c>: lists the recipes, shows one with all that it includes, or explains the options.</summary>
internal static class RecipesCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> recipe = new("recipe") { Description = "Show this recipe with all that it includes, instead of the list.", Arity = ArgumentArity.ZeroOrOne };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> folder = new("--folder") { Description = "List the recipes of this folder.", HelpName = "path" };
        Option<bool> options = new("--options") { Description = "List every option with its default, its range and what it means." };
        var command = new DocumentedCommand(
            "recipes",
            "List the recipes, or show one of them as it is after inclusion and --set.",
            "retort recipes",
            "retort recipes bccd/student_ld --set schedule.epochs=8",
            "retort recipes --options")
        {
            recipe, set, folder, options,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(options))
            {
                Explain(terminal);
            }
            else if (parsed.GetValue(recipe) is { } name)
            {
                Show(terminal, RecipeOptions.Load(name, parsed.GetValue(set)!));
            }
            else
            {
                List(terminal, parsed.GetValue(folder) ?? RecipeOptions.Folder());
            }
        });
        return command;
    }

    private static void List(Terminal terminal, string folder)
    {
        Table table = Terminal.NewTable("recipe", "what it is for", "the paper's result");
        foreach (CatalogEntry entry in RecipeCatalog.List(folder))
        {
            table.AddRow(Markup.Escape(entry.Name), Markup.Escape(entry.Description), Markup.Escape(Reported(entry.Paper)));
        }

        terminal.Write(table);
        terminal.Error.WriteLine("'retort recipes NAME' shows one, 'retort recipes --options' explains the options.");
    }

    private static string Reported(PaperOptions? paper) => paper is null
        ? ""
        : $"{paper.Table}, {paper.Row}{(paper.Ap is double ap ? ": AP " + ap.ToString("0.0", CultureInfo.InvariantCulture) : "")}";

    private static void Show(Terminal terminal, Recipe recipe)
    {
        terminal.Output.Write(recipe.ToYaml());
        terminal.Error.WriteLine(LearningRateRule.For(recipe).Explanation);
    }

    private static void Explain(Terminal terminal)
    {
        foreach (RecipeOption option in RecipeReference.All())
        {
            string value = option.Default.Length > 0 ? $" {option.Default}" : "";
            string range = option.Range.Length > 0 ? $"  ({option.Range})" : "";
            terminal.Output.WriteLine($"{option.Path}:{value}{range}\n    {option.Meaning}");
        }
    }
}
