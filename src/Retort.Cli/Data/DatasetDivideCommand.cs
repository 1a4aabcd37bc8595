using System.CommandLine;
using System.Text.RegularExpressions;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Text;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset divide</c>: a part to train on and a part to measure with, where there is only one.</summary>
internal static class DatasetDivideCommand
{
    private const double DefaultShare = 0.2;

    public static Command Create(Terminal terminal)
    {
        Argument<string> source = new("source") { Description = "A JSON file of COCO's format, a VOC folder, or a folder of label files (DOTA, YOLO)." };
        Option<string?> output = new("--output") { Description = "Where train and val go; by default beside the JSON file, in ImageSets/Main of a VOC folder, in ImageSets beside the folder of label files.", HelpName = "folder" };
        Option<string?> images = new("--images") { Description = "The images of YOLO's label files, so that those without objects, which need no label file, are divided too; by default the folder images beside.", HelpName = "folder" };
        Option<double> share = NumberOption.Share("--share", "The share of the images to measure with.", DefaultShare);
        Option<int> seed = NumberOption.Whole("--seed", "Another seed divides otherwise, the same seed the same way.", 0, int.MinValue);
        Option<string?> together = new("--together") { Description = "A regular expression: images whose names it matches alike stay in one part, such as frames of one film or windows of one image.", HelpName = "regex" };
        Option<bool> force = new("--force") { Description = "Replace files that exist." };
        var command = new DocumentedCommand(
            "divide",
            "Divide a data set into a part to train on and one to measure with; nothing but lists or JSON files is written.",
            "retort dataset divide annotations/all.json --share 0.2",
            "retort dataset divide my-voc --seed 1",
            "retort dataset divide labels --images images --together ^film[0-9]+")
        {
            source, output, images, share, seed, together, force,
        };
        command.SetAction(parsed =>
        {
            var division = new DatasetDivision(parsed.GetValue(share), parsed.GetValue(seed), Parse(parsed.GetValue(together)));
            Divide(terminal, division, new DividedData(parsed.GetRequiredValue(source), parsed.GetValue(images)), parsed.GetRequiredValue(source), parsed.GetValue(output), parsed.GetValue(force));
        });
        return command;
    }

    private static void Divide(Terminal terminal, DatasetDivision division, DividedData data, string source, string? output, bool force)
    {
        string folder = output ?? data.Folder, extension = data.IsCoco ? ".json" : ".txt";
        (string train, string val) = (Path.Combine(folder, "train" + extension), Path.Combine(folder, "val" + extension));
        foreach (string part in new[] { train, val })
        {
            ConversionOutput.RequireNew(part, force, "name another folder by --output");
        }

        OutputPlace.RequireFolder(folder, "--output");
        (int Train, int Val) counts = data.IsCoco ? division.DivideCoco(source, train, val) : division.DivideNames(data.Names(), train, val);
        terminal.Output.WriteLine($"{Path.GetRelativePath(".", train)}: {Quantity.Of(counts.Train, "images")}");
        terminal.Output.WriteLine($"{Path.GetRelativePath(".", val)}: {Quantity.Of(counts.Val, "images")}");
        if (data.MayLackImages)
        {
            terminal.Error.WriteLine($"warning: {source}: there is no folder 'images' beside these label files, so images without objects, which need no label file, are in neither list. Name their folder by --images.");
        }

        terminal.Error.WriteLine("How many objects of each class are in either part:");
        terminal.Error.WriteLine($"  retort dataset check {data.Use(train, val)}");
        terminal.Error.WriteLine("The same options go with 'retort train' and 'retort distill'.");
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
