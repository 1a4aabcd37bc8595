using System.CommandLine;
using Retort.Cli.Progress;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Text;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary>What the conversions of data sets have in common: where they write, and what they say of it.</summary>
internal static class ConversionOutput
{
    /// <summary>The option that lets files be replaced.</summary>
    public static Option<bool> Force(string description) => new("--force") { Description = description };

    /// <summary>The same for a folder of label files.</summary>
    public static Option<bool> ForceFolder() => Force("Write into a folder that is not empty; files of the same name are replaced.");

    /// <summary>Refuses a file that exists or cannot be written.</summary>
    /// <exception cref="RetortException">It is such a file.</exception>
    public static void RequireFile(string path, bool force)
    {
        RequireNew(path, force, "choose another one");
        OutputPath.RequireFile(path, "the file");
    }

    /// <summary>Refuses a file that exists.</summary>
    /// <exception cref="RetortException">It does.</exception>
    public static void RequireNew(string path, bool force, string otherwise)
    {
        if (Path.Exists(path) && !force)
        {
            throw new RetortException($"{path}: the file exists; {otherwise}, or replace it with --force");
        }
    }

    /// <summary>Refuses a folder that is not empty or cannot be written.</summary>
    /// <exception cref="RetortException">It is such a folder.</exception>
    public static void RequireFolder(string folder, bool force)
    {
        if (StagedFolder.HasContent(folder) && !force)
        {
            throw new RetortException($"{folder}: the folder is not empty; choose another one, or write into it with --force");
        }

        OutputPath.RequireFolder(folder, "the folder");
    }

    /// <summary>Writes label files of DOTA, with progress, and says so.</summary>
    /// <exception cref="RetortException">A file cannot be written.</exception>
    public static void WriteDota(Terminal terminal, IReadOnlyList<DotaLabels> labels, DatasetProblems problems, string folder)
    {
        ProblemLines.Write(terminal.Error, problems);
        using (var stop = new StopSignals())
        using (ProgressTask progress = terminal.Progress.Start("writing", labels.Count, "label files"))
        {
            DotaWriter.Write(labels, folder, new CountedProgress(progress), stop.Token);
        }

        terminal.Output.WriteLine(
            $"{folder}: {Quantity.Of(labels.Sum(file => file.Objects.Count), "objects")} in {Quantity.Of(labels.Count, "label files")}");
    }

    /// <summary>What is in a data set, in words.</summary>
    public static string Contents(IDetectionDataset dataset) =>
        $"{Quantity.Of(dataset.Count, "images")} with "
            + $"{Quantity.Of(Enumerable.Range(0, dataset.Count).Sum(i => dataset[i].Objects.Count), "objects")} of "
            + $"{Quantity.Of(dataset.ClassNames.Count, "classes")}";
}
