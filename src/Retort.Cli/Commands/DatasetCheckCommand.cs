using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Data;
using Retort.Training.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Spectre.Console;

namespace Retort.Cli.Commands;

/// <summary><c>retort dataset check</c>: reads the data sets of a recipe and says what is in them and what is wrong with them.</summary>
internal static class DatasetCheckCommand
{
    private const int ProblemsShownPerKind = 5;

    public static Command Create(Terminal terminal)
    {
        Argument<string> recipe = RecipeOptions.Recipe();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> strict = new("--strict") { Description = "Take warnings, such as boxes that are dropped, for errors." };
        var command = new DocumentedCommand(
            "check",
            "Read the data sets of a recipe, count what is in them and list what is wrong. The exit code is 2 where training could not use them.",
            "retort dataset check own-data/student --set data.root=my-images",
            "retort dataset check bccd/yardstick --strict")
        {
            recipe, set, strict,
        };
        command.SetAction(parsed => Check(
            terminal,
            RecipeOptions.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(set)!).Data,
            new DatasetReadOptions { Strict = parsed.GetValue(strict), CollectErrors = true }));
        return command;
    }

    private static int Check(Terminal terminal, DataOptions data, DatasetReadOptions options)
    {
        int errors = CheckPart(terminal, data, data.Train, "data.train", options);
        errors += data.Val is { } val ? CheckPart(terminal, data, val, "data.val", options) : 0;
        terminal.Output.WriteLine(errors == 0 ? "Training can use this data." : $"Training cannot use this data: {errors} error{(errors == 1 ? "" : "s")}.");
        return errors == 0 ? CommandLine.Success : CommandLine.InputError;
    }

    private static int CheckPart(Terminal terminal, DataOptions data, DatasetOptions part, string key, DatasetReadOptions options)
    {
        IDetectionDataset dataset = RecipeDatasets.OpenAll(data, part, options, out DatasetProblems problems);
        ImageRecord[] images = [.. Enumerable.Range(0, dataset.Count).Select(i => dataset[i])];
        int empty = images.Count(i => i.Objects.Count == 0);
        terminal.Output.WriteLine($"{key}: {dataset.Name}, {dataset.Count} images{(empty > 0 ? $", {empty} of them without objects" : "")}");
        terminal.Write(Classes(dataset.ClassNames, [.. images.SelectMany(i => i.Objects)]));
        foreach (IGrouping<ProblemKind, DatasetProblem> kind in problems.Items.GroupBy(p => p.Kind))
        {
            foreach (DatasetProblem problem in kind.Take(ProblemsShownPerKind))
            {
                terminal.Output.WriteLine($"  {problem.Severity.ToString().ToLowerInvariant()}: {problem}");
            }

            if (problems.Count(kind.Key) is var all and > ProblemsShownPerKind)
            {
                terminal.Output.WriteLine($"  ... and {all - ProblemsShownPerKind} more of this kind");
            }
        }

        return problems.Errors;
    }

    /// <summary>The objects of each class by COCO's three sizes.</summary>
    private static Table Classes(IReadOnlyList<string> names, ObjectAnnotation[] objects)
    {
        Table table = Terminal.NewTable("class", ">objects", ">small (to 32x32)", ">medium", ">large (from 96x96)");
        for (int label = 0; label < names.Count; label++)
        {
            double[] areas = [.. objects.Where(o => o.Label == label).Select(o => o.Area)];
            int small = areas.Count(a => a < 32 * 32);
            int large = areas.Count(a => a >= 96 * 96);
            table.AddRow(Markup.Escape(names[label]), Text(areas.Length), Text(small), Text(areas.Length - small - large), Text(large));
        }

        return table;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
