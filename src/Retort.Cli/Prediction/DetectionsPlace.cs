using System.CommandLine;
using Retort.Cli.Shell;
using Retort.Core;
using Retort.Evaluation.Dota;

namespace Retort.Cli.Prediction;

/// <summary>Where detections go; made sure of before the work that finds them.</summary>
/// <param name="Path">A file of COCO's results format, or a folder or zip of DOTA's result files.</param>
/// <param name="Option">The option that names it.</param>
/// <param name="Replace">Whether result files that are there are replaced.</param>
internal sealed record DetectionsPlace(string Path, string Option, bool Replace)
{
    /// <summary>The option that permits to replace result files.</summary>
    /// <param name="option">The option that names the place.</param>
    public static Option<bool> Force(string option) => new("--force")
    {
        Description = "Replace the Task1_CLASS.txt files that are in "
        + $"the folder of {option}, or its zip file."
    };

    /// <summary>What the options name; null for none.</summary>
    /// <exception cref="RetortException">There is nothing to replace.</exception>
    public static DetectionsPlace? From(string? path, string option, bool force) =>
        path is not null ? new DetectionsPlace(path, option, force)
        : force ? throw new RetortException($"--force belongs to {option}: it replaces the result files that are there")
        : null;

    /// <summary>For upright boxes: one file.</summary>
    /// <exception cref="RetortException">There is no folder whose files could be replaced.</exception>
    /// <exception cref="RetortException">It cannot be written.</exception>
    public void RequireFile()
    {
        if (Replace)
        {
            throw new RetortException($"--force is for DOTA's result files, and these boxes are upright: {Option} is one file, which is "
                + "replaced without it; omit it");
        }

        OutputPath.RequireFile(Path, Option);
    }

    /// <summary>For DOTA's result files.</summary>
    /// <param name="imageNames">Names of the images.</param>
    /// <param name="classNames">Names of the classes.</param>
    /// <exception cref="RetortException">A name cannot stand in such files.</exception>
    /// <exception cref="RetortException">They cannot be written, or there are such files that are not to be replaced.</exception>
    public void RequireTask1(IReadOnlyList<string> imageNames, IReadOnlyList<string> classNames)
    {
        OutputPath.RequireFolderOrZip(Path, Option);
        Task1Writer.CheckNames(Path, imageNames, classNames);
        if (!Replace)
        {
            Task1Writer.RequireNone(Path);
        }
    }
}
