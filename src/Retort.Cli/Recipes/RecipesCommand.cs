using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Core.Files;
using Retort.Core;
using Retort.Recipes;
using Retort.Training.Runs;
using Retort.Training.Weights;

namespace Retort.Cli.Recipes;

/// <summary><c>retort recipes</c>: lists the recipes, shows one with all that it includes, or explains the options.</summary>
internal static class RecipesCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string?> recipe = new("recipe")
        {
            Description = "Show this recipe with all that it includes, instead of the list.",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<string[]> set = RecipeOptions.Set();
        Option<string?> folder = FolderOption();
        Option<string?> filter = Filter();
        Option<bool> options = new("--options") { Description = "List every option with its default, its range and what it means." };
        var command = new DocumentedCommand(
            "recipes",
            "List the recipes, or show one of them as it is after inclusion and --set.",
            "retort recipes",
            "retort recipes --filter \"table 2\"",
            "retort recipes bccd/student_ld --set schedule.epochs=8",
            "retort recipes --options")
        {
            recipe, set, folder, filter, options, RecipesCheckCommand.Create(terminal, recipe),
        };
        command.SetAction(parsed =>
        {
            bool one = parsed.GetValue(recipe) is not null, narrowed = parsed.GetValue(folder) is not null
                || parsed.GetValue(filter) is not null;
            Refuse(parsed.GetValue(options)
                && (one || narrowed), "--options lists the options of all recipes; omit the rest of the command");
            Refuse(one && narrowed, "--folder and --filter choose from the list; to show one recipe, omit them");
            Refuse(!one && parsed.GetValue(set)!.Length > 0,
                "--set changes one recipe; name it, as in 'retort recipes bccd/student --set seed=1'");
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
    public static Option<string?> Filter() => new("--filter")
    {
        Description = "Only recipes that have this text in a name of theirs or "
        + "in the published result.",
        HelpName = "text"
    };

    /// <summary>The recipes that the two options choose.</summary>
    /// <exception cref="RetortException">There are none.</exception>
    public static IReadOnlyList<CatalogEntry> Listed(string? folder, string? filter)
    {
        CatalogEntry[] chosen =
        [
            .. RecipeCatalog.List(folder is null ? RecipePlaces.All : [folder])
                .Where(entry => filter is null
                    || entry.Paper.Select(Reported).Append(entry.Name).Concat(entry.Aliases)
                    .Any(text => text.Contains(filter, StringComparison.OrdinalIgnoreCase))),
        ];
        return chosen.Length > 0 ? chosen
            : throw new RetortException($"no recipe has '{filter}' in its name or in the published result; 'retort recipes' lists all");
    }

    private static void Refuse(bool meaningless, string message)
    {
        if (meaningless)
        {
            throw new RetortException(message);
        }
    }

    // Lines and not a table: no width of a screen holds all that there is to say.
    private static void List(Terminal terminal, IReadOnlyList<CatalogEntry> entries)
    {
        foreach (CatalogEntry entry in entries)
        {
            if (!TryLoad(entry, out RecipeSummary summary, out string failure))
            {
                terminal.Output.WriteLine($"{entry.Name}: fails: {failure}");
                continue;
            }

            terminal.Output.WriteLine($"{entry.Name}: {entry.Description}");
            terminal.Output.WriteLine(
                $"    {summary.Student}{(summary.Teacher.Length > 0 ? " <- " + summary.Teacher : "")}, {summary.Schedule}");
            Detail("also called", string.Join(", ", entry.Aliases));
            Detail("terms", summary.Terms);
            Detail("published", [.. entry.Paper.Select(Reported)]);
            Detail("weights", entry.Published ?? "");
            if (TeacherOf(entry) is { } teacher)
            {
                Detail("teacher's weights", $"retort train {teacher.Name}{(teacher.Published is null ? "" : ", or published:")}",
                    teacher.Published ?? "");
            }
        }

        terminal.Error.WriteLine(
            "'retort recipes NAME' shows one, 'retort recipes --options' explains the options, 'retort recipes check' tries them.");

        // What does not fit into one line beside the others has its own.
        void Detail(string what, params IReadOnlyList<string> texts)
        {
            foreach ((int k, string text) in texts.Index().Where(t => t.Item.Length > 0))
            {
                terminal.Output.WriteLine(k == 0 ? $"    {what}: {text}" : $"        {text}");
            }
        }
    }

    private static bool TryLoad(CatalogEntry entry, out RecipeSummary summary, out string failure)
    {
        (summary, failure) = (null!, entry.Failure ?? "");
        try
        {
            summary = failure.Length > 0 ? summary : RecipeSummary.Of(Recipe.Load(entry.Path));
        }
        catch (Exception e) when (ExitCode.Of(e.GetType()) == ExitCode.InputError)
        {
            failure = e.Message;
        }

        return failure.Length == 0;
    }

    private static string Reported(PaperOptions paper) =>
        $"{paper.Table}, {paper.Row}{(paper.Ap is double ap ? ": " + ap.ToString("0.0", CultureInfo.InvariantCulture) : "")}";

    private static CatalogEntry? TeacherOf(CatalogEntry entry)
    {
        if (entry.TeacherFile is not { } file)
        {
            return null;
        }

        string? name = RecipePlaces.All.Select(folder => Path.ChangeExtension(RelativePath.Below(folder, file), null))
            .FirstOrDefault(n => n is not null);
        return RecipeCatalog.Describe(file, name ?? Path.GetFileNameWithoutExtension(file));
    }

    private static void Show(Terminal terminal, string file, Recipe recipe)
    {
        terminal.Output.Write(recipe.ToYaml());
        terminal.Error.WriteLine(LearningRateRule.For(recipe).Explanation);
        if (recipe.Teacher is { } given && TeacherOf(RecipeCatalog.Describe(file, recipe.Name)) is { } teacher)
        {
            terminal.Error.WriteLine(WaysToWeights(given.Weights, teacher));
        }
    }

    private static string WaysToWeights(string weights, CatalogEntry teacher)
    {
        string train = $"train them with 'retort train {teacher.Name}'";
        if (PublishedWeights.IsName(weights))
        {
            return $"the teacher's weights are downloaded from {weights} where they are not in the cache; or {train} and name the file "
                + "with --set teacher.weights=...";
        }

        string published = teacher.Published is { } address ? $", or take the published ones with --set teacher.weights={address}" : "";
        return $"the teacher's weights, {weights}: {train} (and --set teacher.weights=... where they lie elsewhere){published}";
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
