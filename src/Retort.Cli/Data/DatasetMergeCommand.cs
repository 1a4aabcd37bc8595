using System.CommandLine;
using Retort.Cli.Prediction;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Evaluation.Dota;

namespace Retort.Cli.Data;

/// <summary><c>retort dataset merge</c>: detections of windows as detections of whole images, for DOTA's server.</summary>
internal static class DatasetMergeCommand
{
    private const double DefaultThreshold = 0.1;

    public static Command Create(Terminal terminal)
    {
        Argument<string> results = new("results")
        {
            Description = "The detections of windows: a folder or zip of Task1_CLASS.txt files "
            + "whose image names are id__size__x___y."
        };
        Option<string> output = new("--output")
        {
            Description = "The folder to write Task1_CLASS.txt files into, or a .zip for the server.",
            HelpName = "folder|zip",
            Required = true
        };
        Option<double> threshold = NumberOption.Share("--iou",
            "Of detections of one class that overlap more than this, the one with the highest score stays.", DefaultThreshold);
        Option<bool> force = DetectionsPlace.Force("--output");
        var command = new DocumentedCommand(
            "merge",
            "Bring detections of windows together into those of whole images, in the form of DOTA's task 1.",
            "retort dataset merge windows/ --output task1.zip")
        {
            results, output, threshold, force,
        };
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(results),
                new DetectionsPlace(parsed.GetRequiredValue(output), "--output", parsed.GetValue(force)), parsed.GetValue(threshold)));
        return command;
    }

    private static void Run(Terminal terminal, string path, DetectionsPlace output, double threshold)
    {
        RefuseOwnInput(path, output.Path);
        output.RequireTask1([], []); // the names come from such files and suit them
        IReadOnlyList<string> classes = Task1Reader.ClassesIn(path);
        Task1Results windows = terminal.Progress.While("reading the detections", () => Task1Reader.Read(path, classes));
        Task1Results merged = terminal.Progress.While($"merging {windows.ImageNames.Count} windows", () => windows.Merge(threshold));
        Task1Writer.Write(output.Path, merged, classes, output.Replace);
        terminal.Output.WriteLine($"{output.Path}: {merged.Detections.Count} of {windows.Detections.Count} detections, "
            + $"{merged.ImageNames.Count} images from {windows.ImageNames.Count} windows");
    }

    private static void RefuseOwnInput(string path, string output)
    {
        static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Full(path) == Full(output))
        {
            throw new RetortException($"{output}: the detections of windows are read from there and would be replaced by the merged "
                + "ones; name another folder or a .zip by --output");
        }
    }
}
