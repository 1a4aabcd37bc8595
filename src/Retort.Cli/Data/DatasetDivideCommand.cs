using System.CommandLine;
using System.Text.RegularExpressions;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Text;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset divide</c>: train, val and, where wanted, test, from all images or from one existing split.</summary>
internal static class DatasetDivideCommand
{
    private const double DefaultShare = 0.2;

    public static Command Create(Terminal terminal)
    {
        Argument<string> source = new("source")
        {
            Description = "A JSON file of COCO's format, a VOC folder, or a folder of label files "
            + "(DOTA, YOLO)."
        };
        Option<string?> output = new("--output")
        {
            Description = "Where the parts go; by default beside the JSON file, in ImageSets/Main "
            + "of a VOC folder, in ImageSets beside the folder of label files.",
            HelpName = "folder"
        };
        Option<string?> images = new("--images")
        {
            Description = "The images of YOLO's label files, so that those without objects, which "
            + "need no label file, are divided too; by default the folder images beside.",
            HelpName = "folder"
        };
        Option<double> share = NumberOption.Share("--share", "The share of the validation images.", DefaultShare);
        Option<double> test = NumberOption.Share("--test-share",
            "The share of the test images, which the best checkpoint is not chosen with; 0 makes no test part.", 0);
        Option<string?> split = new("--split")
        {
            Description = "Divide this existing split and touch no other: a list in ImageSets/Main "
            + "of a VOC folder, or a file of image names beside label files.",
            HelpName = "trainval"
        };
        Option<int> seed = NumberOption.Whole("--seed", "Another seed divides otherwise, the same seed the same way.", 0, int.MinValue);
        Option<string?> together = new("--together")
        {
            Description = "A regular expression: images whose names it matches alike stay in "
            + "one part, such as frames of one film or windows of one image.",
            HelpName = "regex"
        };
        Option<bool> force = new("--force") { Description = "Replace files that exist." };
        var command = new DocumentedCommand(
            "divide",
            "Divide a data set, or one of its splits, into train, val and, if wanted, test. Only lists or JSON files are written.",
            "retort dataset divide annotations/all.json --share 0.2",
            "retort dataset divide annotations/all.json --share 0.15 --test-share 0.15",
            "retort dataset divide my-voc --split trainval --seed 1",
            "retort dataset divide labels --images images --together ^film[0-9]+")
        {
            source, output, images, share, test, split, seed, together, force,
        };
        command.SetAction(parsed =>
        {
            var division = new DatasetDivision(parsed.GetValue(share), parsed.GetValue(seed),
                Parse(parsed.GetValue(together)))
            { TestShare = parsed.GetValue(test) };
            Divide(terminal, division, new SplitSource(parsed.GetRequiredValue(source), parsed.GetValue(images), parsed.GetValue(split)),
                parsed.GetRequiredValue(source), parsed.GetValue(output), parsed.GetValue(force));
        });
        return command;
    }

    private static void Divide(Terminal terminal, DatasetDivision division, SplitSource data, string source, string? output, bool force)
    {
        string folder = output ?? data.Folder, extension = data.IsCoco ? ".json" : ".txt";
        string[] names = division.TestShare > 0 ? ["train", "val", "test"] : ["train", "val"];
        string[] parts = [.. names.Select(name => Path.Combine(folder, name + extension))];
        foreach (string part in parts)
        {
            ConversionOutput.RequireNew(part, force, "name another folder by --output");
        }

        OutputPath.RequireFolder(folder, "--output");
        IReadOnlyList<int> counts = data.IsCoco ? division.DivideCoco(source, parts) : division.DivideNames(data.Names(), parts);
        foreach ((string part, int count) in parts.Zip(counts))
        {
            terminal.Output.WriteLine($"{SplitSource.Printed(part)}: {Quantity.Of(count, "images")}");
        }

        if (data.MayLackImages)
        {
            terminal.Error.WriteLine($"warning: {source}: there is no folder 'images' beside these label files, so images without "
                + "objects, which need no label file, are in neither list. Name their folder by --images.");
        }

        terminal.Error.WriteLine("To count the objects of each class in train and val:");
        terminal.Error.WriteLine($"  retort dataset check {data.Use(parts[0], parts[1])}");
        terminal.Error.WriteLine("The same options go with 'retort train' and 'retort distill'.");
        if (parts.Length > 2)
        {
            terminal.Error.WriteLine("To measure the trained detector on test, on which the best checkpoint was not chosen:");
            terminal.Error.WriteLine($"  retort eval CHECKPOINT {data.Measured(parts[2])}");
        }
    }

    private static Regex? Parse(string? pattern)
    {
        try
        {
            return pattern is null ? null : new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new RetortException($"--together is no regular expression: {e.Message}", e);
        }
    }
}
