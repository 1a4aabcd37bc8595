using Retort.Core.Options;
using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core.Text;
using Retort.Vision.Synthesis;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset synth</c>: draws a data set.</summary>
internal static class DatasetSynthCommand
{
    // As the library's, in the digits that a person writes.
    private static readonly double DefaultDifficulty = Math.Round(new SyntheticOptions().Difficulty, 3);

    public static Command Create(Terminal terminal)
    {
        var defaults = new SyntheticOptions();
        Argument<string> folder = new("folder") { Description = "Where to draw it; files of an earlier one are replaced." };
        Option<int> train = NumberOption.Whole("--train", "Images to train on.", defaults.TrainImages, 1);
        Option<int> val = NumberOption.Whole("--val", "Images to measure with.", defaults.ValidationImages, 1);
        Option<int> width = NumberOption.Whole("--width", "Width of the images in pixels.", defaults.Width, 32, 4096);
        Option<int> height = NumberOption.Whole("--height", "Height of the images in pixels.", defaults.Height, 32, 4096);
        Option<int> seed = NumberOption.Whole("--seed", "Another seed draws other images, the same seed the same ones.", defaults.Seed,
            int.MinValue);
        Option<double> difficulty = NumberOption.Share("--difficulty", "From 0 (crisp shapes) to 1 (blurred, faint, cluttered).",
            DefaultDifficulty);
        Option<bool> rotated = new("--rotated")
        {
            Description = "Draw long shapes in any direction, with rotated boxes in label files as "
            + "of DOTA."
        };
        Option<bool> png = new("--png") { Description = "Write PNG, which keeps every bit, instead of JPEG." };
        var command = new DocumentedCommand(
            "synth",
            "Draw a data set of textured shapes with occlusion, blur and clutter, in COCO's format, or with rotated boxes in DOTA's.",
            "retort dataset synth shapes --train 400 --val 100 --difficulty 0.7",
            "retort dataset synth turned --rotated")
        {
            folder, train, val, width, height, seed, difficulty, rotated, png,
        };
        command.SetAction(parsed => Draw(terminal, parsed.GetRequiredValue(folder), new SyntheticOptions
        {
            TrainImages = parsed.GetValue(train),
            ValidationImages = parsed.GetValue(val),
            Width = parsed.GetValue(width),
            Height = parsed.GetValue(height),
            Seed = parsed.GetValue(seed),
            Difficulty = (float)parsed.GetValue(difficulty),
            Rotated = parsed.GetValue(rotated),
            Png = parsed.GetValue(png),
        }));
        return command;
    }

    private static void Draw(Terminal terminal, string folder, SyntheticOptions options)
    {
        OptionRules.Check(options);
        OutputPath.RequireFolder(folder, "the argument");
        SyntheticSummary summary;
        using (ProgressTask task = terminal.Progress.Start("drawing", (long)options.TrainImages + options.ValidationImages, "images"))
        {
            summary = SyntheticDataset.Generate(options, folder, new CountedProgress(task));
        }

        IReadOnlyList<string> classes = options.Rotated ? SyntheticDataset.RotatedClassNames : SyntheticDataset.ClassNames;
        terminal.Output.WriteLine($"{folder}: {Quantity.Of(summary.Images, "images")} with {Quantity.Of(summary.Objects, "objects")} of "
            + $"{classes.Count} classes ({string.Join(", ", classes)})");
        terminal.Output.WriteLine($"to train on: {summary.TrainAnnotations} with {summary.TrainImages}");
        terminal.Output.WriteLine($"to measure with: {summary.ValidationAnnotations} with {summary.ValidationImages}");
        string recipe = options.Rotated ? "demo/rotated_student" : "demo/student";
        terminal.Error.WriteLine(
            $"The recipe {recipe} reads these files: 'retort dataset browse {recipe} --set data.root={folder}' shows some of it.");
    }
}
