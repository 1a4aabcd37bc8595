using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset convert</c>: VOC's format into COCO's and back, without loss of what a detector uses.</summary>
internal static class DatasetConvertCommand
{
    private static readonly DatasetReadOptions s_whole = new() { BoxesAsWritten = true, KeepEmptyBoxes = true };

    public static Command Create(Terminal terminal) => new DocumentedCommand(
        "convert",
        "Convert a data set between VOC's and COCO's formats, without loss of what a detector uses (docs/data.md says what that is), or "
            + "from label files of the YOLO family and from JSON files of rotated boxes.",
        "retort dataset convert voc-to-coco VOCdevkit/VOC2007 instances_test2007.json --split test",
        "retort dataset convert coco-to-voc instances_val.json my-voc --images val --split val",
        "retort dataset convert yolo-to-coco labels/train instances_train.json --images images/train --classes data.yaml",
        "retort dataset convert coco-rotated-to-dota rotated_train.json --output labelTxt/train --angle-unit degrees")
    {
        CreateToCoco(terminal),
        CreateToVoc(terminal),
        DatasetConvertYolo.CreateToCoco(terminal),
        DatasetConvertYolo.CreateToDota(terminal),
        DatasetConvertRotatedCoco.Create(terminal),
    };

    private static Command CreateToCoco(Terminal terminal)
    {
        Argument<string> root = new("folder") { Description = "A VOC folder, with JPEGImages, Annotations and ImageSets/Main." };
        Argument<string> file = new("file") { Description = "The JSON file to write; its images stay where they are." };
        Option<string> split = Split("The list in ImageSets/Main to convert.");
        Option<bool> force = ConversionOutput.Force("Replace the file if it exists.");
        var command = new DocumentedCommand(
            "voc-to-coco",
            "Write one split of a VOC folder as a JSON file of COCO's instances format.",
            "retort dataset convert voc-to-coco VOCdevkit/VOC2007 instances_test2007.json --split test")
        {
            root, file, split, force,
        };
        command.SetAction(parsed =>
        {
            (string folder, string target) = (parsed.GetRequiredValue(root), parsed.GetRequiredValue(file));
            ConversionOutput.RequireFile(target, parsed.GetValue(force));
            VocDataset images = terminal.Progress.While("reading the annotations",
                () => VocDataset.Read(folder, parsed.GetRequiredValue(split), s_whole));
            ProblemLines.Write(terminal.Error, images.Problems);
            string imageFolder = VocPlaces.Of(folder, parsed.GetRequiredValue(split)).Images;
            CocoWriter.Write(images, target, imageFolder);
            terminal.Output.WriteLine($"{target}: {ConversionOutput.Contents(images)}; its file names start from {imageFolder}");
        });
        return command;
    }

    private static Command CreateToVoc(Terminal terminal)
    {
        Argument<string> file = new("file") { Description = "A JSON file of COCO's instances format." };
        Argument<string> root = new("folder") { Description = "The VOC folder to make." };
        Option<string> images = new("--images")
        {
            Description = "The folder of the JSON file's images.",
            HelpName = "folder",
            Required = true
        };
        Option<string> split = Split("The list in ImageSets/Main to write.");
        Option<bool> link = new("--link") { Description = "Make symbolic links to the images instead of copies." };
        Option<bool> force = ConversionOutput.Force(
            "Write into a folder that is not empty, such as one with another split; files of the same name are replaced.");
        var command = new DocumentedCommand(
            "coco-to-voc",
            "Write a data set of COCO's instances format as a VOC folder.",
            "retort dataset convert coco-to-voc instances_val.json my-voc --images val --split val",
            "retort dataset convert coco-to-voc instances_train.json my-voc --images train --split train --link --force")
        {
            file, root, images, split, link, force,
        };
        command.SetAction(parsed =>
        {
            (string folder, string imageFolder) = (parsed.GetRequiredValue(root), parsed.GetRequiredValue(images));
            OutputPath.RequireFolder(folder, "the folder");
            CocoDataset dataset = terminal.Progress.While("reading the annotations",
                () => CocoDataset.Read(parsed.GetRequiredValue(file), imageFolder, s_whole));
            ProblemLines.Write(terminal.Error, dataset.Problems);
            using (var stop = new StopSignals())
            using (ProgressTask progress = terminal.Progress.Start("writing", dataset.Count, "images"))
            {
                var options = new VocWriteOptions
                {
                    LinkImages = parsed.GetValue(link),
                    Overwrite = parsed.GetValue(force),
                    Progress = new CountedProgress(progress),
                    Cancel = stop.Token
                };
                VocWriter.Write(dataset, folder, parsed.GetRequiredValue(split), imageFolder, options);
            }

            terminal.Output.WriteLine($"{folder}: {ConversionOutput.Contents(dataset)} in the split {parsed.GetRequiredValue(split)}");
        });
        return command;
    }

    private static Option<string> Split(string description) =>
        new("--split") { Description = description, HelpName = "name", Required = true };
}
