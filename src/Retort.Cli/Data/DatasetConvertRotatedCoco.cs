using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset convert coco-rotated-to-dota</c>: JSON files like COCO's with rotated boxes as DOTA's label files.</summary>
internal static class DatasetConvertRotatedCoco
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> file = new("file")
        {
            Description = "A JSON file like COCO's whose boxes are [centre x, centre y, width, height, "
            + "angle]."
        };
        Option<string> output = new("--output")
        {
            Description = "The folder of DOTA's label files to make.",
            HelpName = "folder",
            Required = true
        };
        Option<string> unit = new("--angle-unit")
        {
            Description = "The unit of the file's angles, which turn with the clock: radians or "
            + "degrees.",
            HelpName = "radians|degrees",
            Required = true
        };
        unit.AcceptOnlyFromAmong("radians", "degrees");
        Option<bool> force = ConversionOutput.ForceFolder();
        var command = new DocumentedCommand(
            "coco-rotated-to-dota",
            "Write a JSON file like COCO's with rotated boxes ([cx, cy, w, h, angle] in pixels) as label files of DOTA.",
            "retort dataset convert coco-rotated-to-dota rotated_train.json --output labelTxt/train --angle-unit radians")
        {
            file, output, unit, force,
        };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetRequiredValue(output);
            ConversionOutput.RequireFolder(folder, parsed.GetValue(force));
            AngleUnit angles = parsed.GetRequiredValue(unit) == "radians" ? AngleUnit.Radians : AngleUnit.Degrees;
            DatasetProblems problems = new();
            ConversionOutput.WriteDota(terminal, terminal.Progress.While(
                "reading the annotations", () => RotatedCocoConverter.ToDota(parsed.GetRequiredValue(file), angles, problems)), problems,
                    folder);
        });
        return command;
    }
}
