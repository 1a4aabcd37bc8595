using System.CommandLine;
using System.Globalization;
using Retort.Cli.Shell;
using Retort.Training.Progress;
using Retort.Vision.Datasets;
using Retort.Vision.Splitting;

namespace Retort.Cli.Commands;

/// <summary><c>retort dataset split</c>: windows of large images with DOTA labels.</summary>
internal static class DatasetSplitCommand
{
    private const int WarningsShownPerKind = 5;

    public static Command Create(Terminal terminal)
    {
        var defaults = new SplitOptions();
        Argument<string> images = new("images") { Description = "The folder of images, .jpg or .png." };
        Option<string?> labels = new("--labels") { Description = "The folder of DOTA label files, one for each image; left out for images without labels.", HelpName = "labelTxt" };
        Option<string> output = new("--output") { Description = "Where the windows go: images and labelTxt. A call that was stopped is repeated to go on.", HelpName = "folder", Required = true };
        Option<int[]> sizes = List("--size", "Side of the windows in pixels; several give several grids.", defaults.Sizes);
        Option<int[]> gaps = List("--gap", "Least overlap of neighbouring windows in pixels, one for each size.", defaults.Gaps);
        Option<double[]> rates = List("--rate", "Scales: windows of size / rate are cut; 0.5 1 1.5 with a gap of 500 is the authors' multi-scale split.", defaults.Rates);
        Option<double> imageShare = Share("--image-share", "Least share of a window that the image fills.", defaults.ImageShare);
        Option<double> objectShare = Share("--object-share", "Least share of an object's area in a window for it to be labelled there.", defaults.ObjectShare);
        Option<bool> exact = new("--exact-truncation") { Description = "Give the difficulty 2 only to objects that a window cuts; the authors' rounding gives it to about half of the others, too." };
        Option<bool> skip = new("--skip-empty") { Description = "Leave out windows without objects; needs --labels." };
        Option<int> threads = new("--threads") { Description = "Images that are worked on at the same time; 0 for one a processor.", HelpName = "n" };
        var command = new DocumentedCommand(
            "split",
            "Split large images with DOTA labels into overlapping windows.",
            "retort dataset split dota/train/images --labels dota/train/labelTxt --output dota/train_1024",
            "retort dataset split dota/train/images --labels dota/train/labelTxt --output dota/train_ms --gap 500 --rate 0.5 1 1.5")
        {
            images, labels, output, sizes, gaps, rates, imageShare, objectShare, exact, skip, threads,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(images), parsed.GetValue(labels), parsed.GetRequiredValue(output), new SplitOptions
        {
            Sizes = parsed.GetValue(sizes)!,
            Gaps = parsed.GetValue(gaps)!,
            Rates = parsed.GetValue(rates)!,
            ImageShare = parsed.GetValue(imageShare),
            ObjectShare = parsed.GetValue(objectShare),
            Truncation = parsed.GetValue(exact) ? TruncationRule.Exact : TruncationRule.Reference,
            SkipEmpty = parsed.GetValue(skip),
            Threads = parsed.GetValue(threads),
        }));
        return command;
    }

    private static Option<T[]> List<T>(string name, string description, IReadOnlyList<T> value) =>
        new(name) { Description = description, DefaultValueFactory = _ => [.. value], HelpName = "n", AllowMultipleArgumentsPerToken = true };

    private static Option<double> Share(string name, string description, double value) => new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "0..1" };

    private static void PrintWarnings(Terminal terminal, DatasetProblems problems)
    {
        foreach (IGrouping<ProblemKind, DatasetProblem> kind in problems.Items.GroupBy(p => p.Kind))
        {
            foreach (DatasetProblem problem in kind.Take(WarningsShownPerKind))
            {
                terminal.Error.WriteLine($"warning: {problem}");
            }

            if (problems.Count(kind.Key) is var all and > WarningsShownPerKind)
            {
                terminal.Error.WriteLine($"... and {all - WarningsShownPerKind} more of this kind");
            }
        }
    }

    private static void Run(Terminal terminal, string images, string? labels, string output, SplitOptions options)
    {
        options.Validate();
        if (options.SkipEmpty && labels is null)
        {
            throw new InvalidDataException("--skip-empty leaves out windows without objects, and without --labels there are none; name the labels, or leave it away");
        }

        var problems = new DatasetProblems();
        SplitSummary summary;
        using var stop = new StopSignals();
        using (ProgressTask task = terminal.Progress.Start("splitting", SplitSources.Count(images), "images"))
        {
            summary = DatasetSplitter.Run(images, labels, output, options, problems, new CountedProgress(task), stop.Token);
        }

        PrintWarnings(terminal, problems);
        string earlier = summary.Windows > summary.Written ? string.Create(CultureInfo.InvariantCulture, $" ({summary.Windows - summary.Written} were there)") : "";
        terminal.Output.WriteLine($"{output}: {Counted.Text(summary.Windows, "windows")}{earlier} of {Counted.Text(summary.Images, "images")}");
        if (labels is not null)
        {
            terminal.Output.WriteLine($"{Counted.Text(summary.Objects, "objects")} {(summary.Objects == 1 ? "is" : "are")} labelled {Counted.Text(summary.Labels, "times")}; {summary.Lost} {(summary.Lost == 1 ? "lies" : "lie")} in no window with enough of their area");
        }
    }
}
