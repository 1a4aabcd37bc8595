using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Evaluation.Dota;

namespace Retort.Cli.Commands;

/// <summary><c>retort dataset merge</c>: detections of windows as detections of whole images, for DOTA's server.</summary>
internal static class DatasetMergeCommand
{
    private const double DefaultThreshold = 0.1;

    public static Command Create(Terminal terminal)
    {
        Argument<string> results = new("results") { Description = "The detections of windows: a folder or zip of Task1_CLASS.txt files whose image names are id__size__x___y." };
        Option<string> output = new("--output") { Description = "The folder to write Task1_CLASS.txt files into, or a .zip for the server.", HelpName = "folder|zip", Required = true };
        Option<double> threshold = NumberOption.Share("--iou", "Of detections of one class that overlap more than this the surest stays.", DefaultThreshold);
        var command = new DocumentedCommand(
            "merge",
            "Bring detections of windows together into those of whole images, in the form of DOTA's task 1.",
            "retort dataset merge windows/ --output task1.zip")
        {
            results, output, threshold,
        };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(results), parsed.GetRequiredValue(output), parsed.GetValue(threshold)));
        return command;
    }

    private static void Run(Terminal terminal, string path, string output, double threshold)
    {
        OutputPlace.RequireFolderOrZip(output, "--output");
        IReadOnlyList<string> classes = Task1Reader.ClassesIn(path);
        Task1Results windows = terminal.Progress.While("reading the detections", () => Task1Reader.Read(path, classes));
        Task1Results merged = terminal.Progress.While($"merging {windows.ImageNames.Count} windows", () => windows.Merge(threshold));
        Task1Writer.Write(output, merged, classes);
        terminal.Output.WriteLine($"{output}: {merged.Detections.Count} of {windows.Detections.Count} detections, {merged.ImageNames.Count} images from {windows.ImageNames.Count} windows");
    }
}
