using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Recipes;

namespace Retort.Cli.Commands;

/// <summary><c>retort recipes</c>: lists the recipes, shows one with all that it includes, or explains the options.</summary>
internal static class RecipesCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> recipe = new("recipe") { Description = "Show this recipe with all that it includes, instead of the list.", Arity = ArgumentArity.ZeroOrOne };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> folder = FolderOption();
        Option<string?> filter = Filter();
        Option<bool> options = new("--options") { Description = "List every option with its default, its range and what it means." };
        var command = new DocumentedCommand(
            "recipes",
            "List the recipes, or show one of them as it is after inclusion and --set.",
            "retort recipes",
            "retort recipes --filter table2",
            "retort recipes bccd/student_ld --set schedule.epochs=8",
            "retort recipes --options")
        {
            recipe, set, folder, filter, options, RecipesCheckCommand.Create(terminal),
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(options))
            {
                Explain(terminal);
            }
            else if (parsed.GetValue(recipe) is { } name)
            {
                Show(terminal, RecipeOptions.Find(name), RecipeOptions.Load(name, parsed.GetValue(set)!));
            }
            else
            {
                List(terminal, Listed(parsed.GetValue(folder), parsed.GetValue(filter)));
            }
        });
        return command;
    }

    /// <summary>The option that chooses the folder of recipes.</summary>
    public static Option<string?> FolderOption() => new("--folder") { Description = "The recipes of this folder.", HelpName = "path" };

    /// <summary>The option that chooses some recipes.</summary>
    public static Option<string?> Filter() => new("--filter") { Description = "Only recipes that have this text in their name or in the published result.", HelpName = "text" };

    /// <summary>The recipes that the two options choose.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public static IReadOnlyList<CatalogEntry> Listed(string? folder, string? filter)
    {
        CatalogEntry[] chosen =
        [
            .. RecipeCatalog.List(folder ?? RecipeOptions.Folder())
                .Where(entry => filter is null || entry.Paper.Select(Reported).Append(entry.Name).Any(text => text.Contains(filter, StringComparison.OrdinalIgnoreCase))),
        ];
        return chosen.Length > 0 ? chosen : throw new InvalidDataException($"no recipe has '{filter}' in its name or in the published result; 'retort recipes' lists all");
    }

    // Lines and not a table: no width of a screen holds all that there is to say.
    private static void List(Terminal terminal, IReadOnlyList<CatalogEntry> entries)
    {
        foreach (CatalogEntry entry in entries)
        {
            var summary = RecipeSummary.Of(Recipe.Load(entry.Path));
            terminal.Output.WriteLine($"{entry.Name}: {entry.Description}");
            terminal.Output.WriteLine($"    {summary.Student}{(summary.Teacher.Length > 0 ? " <- " + summary.Teacher : "")}, {summary.Schedule}");
            Detail("terms", summary.Terms);
            Detail("published", string.Join("; ", entry.Paper.Select(Reported)));
            Detail("weights", entry.Published ?? "");
            Detail("teacher's weights", TeacherOf(entry) is { } teacher ? $"retort train {teacher.Name}{(teacher.Published is null ? "" : ", or published: " + teacher.Published)}" : "");
        }

        terminal.Error.WriteLine("'retort recipes NAME' shows one, 'retort recipes --options' explains the options, 'retort recipes check' tries them.");

        void Detail(string what, string text)
        {
            if (text.Length > 0)
            {
                terminal.Output.WriteLine($"    {what}: {text}");
            }
        }
    }

    private static string Reported(PaperOptions paper) =>
        $"{paper.Table}, {paper.Row}{(paper.Ap is double ap ? ": " + ap.ToString("0.0", CultureInfo.InvariantCulture) : "")}";

    private static CatalogEntry? TeacherOf(CatalogEntry entry)
    {
        if (entry.TeacherFile is not { } file)
        {
            return null;
        }

        string name = Path.ChangeExtension(Path.GetRelativePath(RecipeOptions.Folder(), Path.GetFullPath(file)), null);
        return RecipeCatalog.Describe(file, name.StartsWith("..", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(file) : name);
    }

    private static void Show(Terminal terminal, string file, Recipe recipe)
    {
        terminal.Output.Write(recipe.ToYaml());
        terminal.Error.WriteLine(LearningRateRule.For(recipe).Explanation);
        if (TeacherOf(RecipeCatalog.Describe(file, recipe.Name)) is { } teacher)
        {
            string download = teacher.Published is { } address ? $", or download {address} to that place" : "";
            terminal.Error.WriteLine($"the teacher's weights, {recipe.Teacher!.Weights}: train them with 'retort train {teacher.Name}' (and --set teacher.weights=...){download}");
        }
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
