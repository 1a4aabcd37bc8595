using System.CommandLine;
using System.Globalization;
using Retort.Cli.Progress;
using Retort.Cli.Recipes;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Training.Building;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Spectre.Console;
using ProgressTask = Retort.Cli.Progress.ProgressTask;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset check</c>: reads the data sets of a recipe and says what is in them and what is wrong with them.</summary>
internal static class DatasetCheckCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> recipe = RecipeOptions.Argument();
        Option<string[]> set = RecipeOptions.Set();
        Option<bool> strict = new("--strict") { Description = "Take warnings, such as boxes that are dropped, for errors." };
        Option<bool> fast = new("--no-decode") { Description = "Read the annotations only; do not open the images." };
        var command = new DocumentedCommand(
            "check",
            "Read the data sets of a recipe, count what is in them and list what is wrong. The exit code is 2 where training could not "
                + "use them.",
            "retort dataset check own-data/student --set data.root=my-images",
            "retort dataset check bccd/yardstick --strict")
        {
            recipe, set, strict, fast,
        };
        command.SetAction(parsed =>
        {
            Recipe loaded = RecipeOptions.Load(parsed.GetRequiredValue(recipe), parsed.GetValue(set)!);
            var options = new DatasetReadOptions { Strict = parsed.GetValue(strict), CollectErrors = true };
            return Check(terminal, loaded, options, decode: !parsed.GetValue(fast));
        });
        return command;
    }

    private static int Check(Terminal terminal, Recipe recipe, DatasetReadOptions options, bool decode)
    {
        int errors = 0;
        DataOptions data = recipe.Data;
        List<(string Name, IDetectionDataset Images)> parts = [];
        foreach ((string key, DatasetOptions? part) in new[] { ("data.train", data.Train), ("data.val", data.Val) })
        {
            if (part is not null)
            {
                DataOptions read = data;
                (IDetectionDataset images, DatasetProblems problems) =
                    terminal.Progress.While($"reading the annotations of {key}", () => RecipeDatasets.Read(read, part, options));
                parts.Add((key, RecipeDatasets.Choose(images, part with { Repeat = 1 })));
                RequireUse(recipe, key, parts[^1].Images, problems);
                DatasetReport report = Run(terminal, (images, problems), decode);
                Print(terminal, key, report);
                errors += report.Problems.Errors;

                // As in training: what is measured with has the classes of what is trained on.
                data = data with { Classes = images.ClassNames };
            }
        }

        errors += CheckRepetition(terminal, parts, options.Strict, decode);
        terminal.Output.WriteLine(errors == 0 ? "Training can use this data."
            : $"Training cannot use this data: {Quantity.Of(errors, "errors")}.");
        return errors == 0 ? ExitCode.Success : ExitCode.InputError;
    }

    // What the loaders of training refuse is an error here too; where the annotations have one, that says more.
    private static void RequireUse(Recipe recipe, string key, IDetectionDataset images, DatasetProblems problems)
    {
        if (problems.Errors > 0)
        {
            return;
        }

        try
        {
            if (key != "data.train")
            {
                _ = LoaderBuilder.Evaluation(recipe, images);
            }
            else if (LoaderBuilder.Training(recipe, images).Summary.SmallObjects(recipe.Loader.MinimumObjectSide) is { } small)
            {
                problems.Warn(ProblemKind.EmptyBox, images.Name, "", small,
                    "Delete the objects or enlarge their boxes where they are meant.");
            }
        }
        catch (DatasetException e)
        {
            problems.Add(e.Problem);
        }
    }

    private static DatasetReport Run(Terminal terminal, (IDetectionDataset Dataset, DatasetProblems Problems) read, bool decode)
    {
        if (!decode || read.Dataset.Count == 0)
        {
            return DatasetCheck.Run(read.Dataset, read.Problems);
        }

        using ProgressTask task = terminal.Progress.Start($"decoding {read.Dataset.Name}", read.Dataset.Count, "images");
        return DatasetCheck.Run(read.Dataset, read.Problems, decodeImages: true, progress: new CountedProgress(task));
    }

    private static int CheckRepetition(Terminal terminal, List<(string Name, IDetectionDataset Images)> parts, bool strict, bool contents)
    {
        var problems = new DatasetProblems(strict);
        using (terminal.Progress.Wait("looking for repeated images"))
        {
            RepeatedImages.Find(parts, problems, contents);
        }

        ProblemLines.Write(terminal.Output, problems, "  ");
        return problems.Errors;
    }

    private static void Print(Terminal terminal, string key, DatasetReport report)
    {
        ImageSizes range = report.ImageSizes;
        terminal.Output.WriteLine($"{key}: {report.Name}");
        terminal.Output.WriteLine($"  {Quantity.Of(report.Images, "images")}, {Range(range.MinWidth, range.MaxWidth)} x "
            + $"{Range(range.MinHeight, range.MaxHeight)} pixels, "
            + $"{report.ImagesWithoutObjects} without objects{(report.DecodedImages > 0 ? $", {report.DecodedImages} decoded" : "")}");
        terminal.Output.WriteLine(
            $"  {Quantity.Of(report.Objects, "objects")}: {report.Sizes.Small} small (below 32x32), {report.Sizes.Medium} medium, "
            + $"{report.Sizes.Large} large (from 96x96); {Quantity.Of(report.Crowds, "crowds")}, {report.Difficult} difficult");
        Table classes = Terminal.NewTable("class", Heading.Number("objects"), Heading.Number("images"));
        foreach (ClassCount count in report.Classes)
        {
            classes.AddRow(Markup.Escape(count.Name), Text(count.Objects), Text(count.Images));
        }

        terminal.Write(classes);
        ProblemLines.Write(terminal.Output, report.Problems, "  ");
    }

    private static string Range(int least, int most) => least == most ? Text(least) : $"{Text(least)}-{Text(most)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
