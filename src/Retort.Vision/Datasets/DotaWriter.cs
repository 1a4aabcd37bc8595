using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>Writes label files of DOTA.</summary>
public static class DotaWriter
{
    /// <summary>
    /// Writes all files, or none where that fails or is stopped; in a folder that exists they take their places one by one when all are
    /// written, and files of the same name are replaced.
    /// </summary>
    /// <param name="labels">What to write.</param>
    /// <param name="folder">The folder to write into.</param>
    /// <param name="progress">Told how many files are done.</param>
    /// <param name="cancel">Stops between files; nothing is left behind.</param>
    /// <exception cref="RetortException">A file cannot be written.</exception>
    public static void Write(IReadOnlyList<DotaLabels> labels, string folder, IProgress<int>? progress = null,
        CancellationToken cancel = default)
    {
        using StagedFolder stage = new(folder);
        foreach ((int index, DotaLabels file) in labels.Index())
        {
            cancel.ThrowIfCancellationRequested();
            stage.WriteText(file.Name + ".txt", DotaLabelFile.Text(file.Objects));
            progress?.Report(index + 1);
        }

        stage.Publish();
    }

    /// <summary>Adds an error where a class name cannot stand in DOTA's files.</summary>
    /// <param name="classNames">The names.</param>
    /// <param name="source">What the error names.</param>
    /// <param name="problems">Where it is added.</param>
    internal static void CheckNames(IEnumerable<string> classNames, string source, DatasetProblems problems)
    {
        if (classNames.FirstOrDefault(name => name.Any(char.IsWhiteSpace)) is { } blank)
        {
            problems.Error(ProblemKind.UnknownClass, source, "", $"the class name '{blank}' has a blank, which ends a name in DOTA's files",
                "Write a dash in its place.");
        }
    }
}
