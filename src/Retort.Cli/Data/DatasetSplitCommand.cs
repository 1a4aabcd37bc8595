using Retort.Core.Options;
using System.CommandLine;
using System.Globalization;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Text;
using Retort.Vision.Datasets;
using Retort.Vision.Splitting;
using Retort.Vision.Transforms;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset split</c>: windows of large images with DOTA labels.</summary>
internal static class DatasetSplitCommand
{
    public static Command Create(Terminal terminal)
    {
        var defaults = new SplitOptions();
        Argument<string> images = new("images") { Description = "The folder of images, .jpg or .png." };
        Option<string?> labels = new("--labels")
        {
            Description = "The folder of DOTA label files, one for each image; left out for "
            + "images without labels.",
            HelpName = "labelTxt"
        };
        Option<string> output = new("--output")
        {
            Description = "Where the windows go: images and labelTxt. A call that was stopped is "
            + "repeated to go on.",
            HelpName = "folder",
            Required = true
        };
        Option<int[]> sizes = NumberOption.Wholes("--size", "Side of the windows in pixels; several give several grids.", defaults.Sizes);
        Option<int[]> gaps = NumberOption.Wholes("--gap", "Least overlap of neighbouring windows in pixels, one for each size.",
            defaults.Gaps);
        Option<double[]> rates = NumberOption.Reals("--rate",
            "Scales: windows of size / rate are cut; 0.5 1 1.5 with a gap of 500 is the authors' multi-scale split.", defaults.Rates, 0,
            16);
        Option<double> imageShare = NumberOption.Share("--image-share", "Least share of a window that the image fills.",
            defaults.ImageShare);
        Option<double> objectShare = NumberOption.Share("--object-share",
            "Least share of an object's area in a window for it to be labelled there.", defaults.ObjectShare);
        Option<bool> exact = new("--exact-truncation")
        {
            Description = "Give the difficulty 2 only to objects that a window cuts; the "
            + "authors' rounding gives it to about half of the others, too."
        };
        Option<bool> skip = new("--skip-empty") { Description = "Leave out windows without objects; needs --labels." };
        Option<int> threads = NumberOption.Whole("--threads",
            "Images that are worked on at the same time; 0 takes as many as there are cores.", 0, int.MinValue);
        var command = new DocumentedCommand(
            "split",
            "Split large images with DOTA labels into overlapping windows.",
            "retort dataset split dota/train/images --labels dota/train/labelTxt --output dota/train_1024",
            "retort dataset split dota/train/images --labels dota/train/labelTxt --output dota/train_ms --gap 500 --rate 0.5 1 1.5")
        {
            images, labels, output, sizes, gaps, rates, imageShare, objectShare, exact, skip, threads,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(images), parsed.GetValue(labels), parsed.GetRequiredValue(output),
            new SplitOptions
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

    // In the words of this command: the library has other names for the same options.
    private static void Validate(SplitOptions options)
    {
        try
        {
            OptionRules.Check(options);
        }
        catch (OptionException e)
        {
            string option = e.Option switch
            {
                "sizes" => "--size",
                "gaps" => "--gap",
                "rates" => "--rate",
                "imageShare" => "--image-share",
                "objectShare" => "--object-share",
                "threads" => "--threads",
                _ => e.Option,
            };
            throw new RetortException(e.Message.Replace($"'{e.Option}'", option, StringComparison.Ordinal), e);
        }
    }

    private static void Run(Terminal terminal, string images, string? labels, string output, SplitOptions options)
    {
        Validate(options);
        OutputPath.RequireFolder(output, "--output");
        if (options.SkipEmpty && labels is null)
        {
            throw new RetortException(
                "--skip-empty leaves out windows without objects, and without --labels there are none; name the labels, or omit it");
        }

        var problems = new DatasetProblems();
        SplitSummary summary;
        using var stop = new StopSignals();
        using (ProgressTask task = terminal.Progress.Start("splitting", SplitSources.Count(images), "images"))
        {
            summary = DatasetSplitter.Run(images, labels, output, options, problems, new CountedProgress(task), stop.Token);
        }

        ProblemLines.Write(terminal.Error, problems);
        string earlier = summary.Windows > summary.Written
            ? string.Create(CultureInfo.InvariantCulture,
            $" ({summary.Windows - summary.Written} were there{(labels is null ? "" : "; their labels were written again")})") : "";
        terminal.Output.WriteLine(
            $"{output}: {Quantity.Of(summary.Windows, "windows")}{earlier} of {Quantity.Of(summary.Images, "images")}");
        if (labels is not null)
        {
            terminal.Output.WriteLine($"{Quantity.Of(summary.Objects, "objects")} {(summary.Objects == 1 ? "is" : "are")} labelled "
                + $"{Quantity.Of(summary.Labels, "times")}; {summary.Lost} {(summary.Lost == 1 ? "lies" : "lie")} in no window with "
                + "enough of their area");
        }
    }
}
