using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Training.Data;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary>
/// <c>retort dataset convert yolo-to-coco</c> and <c>yolo-obb-to-dota</c>: label files of the YOLO family in formats that other tools read
/// too.
/// </summary>
internal static class DatasetConvertYolo
{
    public static Command CreateToCoco(Terminal terminal)
    {
        Argument<string> labels = Labels();
        Argument<string> file = new("file") { Description = "The JSON file to write; its file names start from the folder of images." };
        (Option<string> images, Option<string> classes, Option<bool> force) =
            (Images(), Classes(), ConversionOutput.Force("Replace the file if it exists."));
        var command = new DocumentedCommand(
            "yolo-to-coco",
            "Write label files of the YOLO family (class cx cy w h, in shares of the image) as a JSON file of COCO's instances format.",
            "retort dataset convert yolo-to-coco labels/train instances_train.json --images images/train --classes data.yaml")
        {
            labels, file, images, classes, force,
        };
        command.SetAction(parsed =>
        {
            (string target, string folder) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(images));
            ConversionOutput.RequireFile(target, parsed.GetValue(force));
            IReadOnlyList<string> names = ClassNameFile.Read(parsed.GetRequiredValue(classes));
            YoloDataset dataset = terminal.Progress.While(
                "reading the label files", () =>
                    YoloDataset.Read(parsed.GetRequiredValue(labels), folder, names,
                    options: new DatasetReadOptions { BoxesAsWritten = true }));
            ProblemLines.Write(terminal.Error, dataset.Problems);
            CocoWriter.Write(dataset, target, folder);
            terminal.Output.WriteLine($"{target}: {ConversionOutput.Contents(dataset)}; its file names start from {folder}");
        });
        return command;
    }

    public static Command CreateToDota(Terminal terminal)
    {
        Argument<string> labels = Labels();
        Argument<string> output = new("folder") { Description = "The folder of DOTA's label files to make." };
        (Option<string> images, Option<string> classes, Option<bool> force) = (Images(), Classes(), ConversionOutput.ForceFolder());
        var command = new DocumentedCommand(
            "yolo-obb-to-dota",
            "Write label files of the YOLO family with rotated boxes (class x1 y1 x2 y2 x3 y3 x4 y4, in shares of the image) as DOTA's.",
            "retort dataset convert yolo-obb-to-dota labels/train labelTxt/train --images images/train --classes data.yaml")
        {
            labels, output, images, classes, force,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(output);
            ConversionOutput.RequireFolder(folder, parsed.GetValue(force));
            IReadOnlyList<string> names = ClassNameFile.Read(parsed.GetRequiredValue(classes));
            DatasetProblems problems = new();
            ConversionOutput.WriteDota(terminal, terminal.Progress.While(
                "reading the label files", () =>
                    YoloConverter.ToDota(parsed.GetRequiredValue(labels), parsed.GetRequiredValue(images), names, problems)), problems,
                    folder);
        });
        return command;
    }

    private static Argument<string> Labels() => new("labels") { Description = "The folder of label files." };

    private static Option<string> Images() =>
        new("--images") { Description = "The folder of their images.", HelpName = "folder", Required = true };

    private static Option<string> Classes() => new("--classes")
    {
        Description = "The class names: data.yaml with 'names', or a text file "
        + "with one name a line.",
        HelpName = "file",
        Required = true
    };
}
