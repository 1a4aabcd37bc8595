namespace Retort.Vision.Datasets;

/// <summary>Which label files, one an image, belong to a data set.</summary>
public static class LabelNames
{
    /// <summary>
    /// Names of the label files below the folder, without extension: those of the list in its order, otherwise all by name.
    /// </summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="list">A file of names, one a line; folders may stand before them. Null for all.</param>
    /// <param name="problems">Told of names that cannot be used, and where there is none.</param>
    /// <exception cref="DatasetException">The list is too large for one.</exception>
    public static IReadOnlyList<string> Read(string labels, string? list, DatasetProblems problems)
    {
        IReadOnlyList<string> names = list is not null
            ? NameList.Read(list, labels, problems, name => File.Exists(
            FolderPlaces.WithExtensionAsWritten(Path.Combine(labels, name + FolderPlaces.LabelExtension)))) : Below(labels);
        if (names.Count == 0)
        {
            problems.Error(ProblemKind.EmptySplit, list ?? labels, "", "no image is named", list is null ? "Put the label files there."
                : "Write one name a line, without the extension.");
        }

        return names;
    }

    /// <summary>
    /// Names of all label files of a folder and of those within, without extension, in order; <c>/</c> stands between folders.
    /// </summary>
    /// <param name="labels">The folder.</param>
    /// <param name="extension">That of the label files: <c>.txt</c> or <c>.xml</c>.</param>
    public static IReadOnlyList<string> Below(string labels, string extension = FolderPlaces.LabelExtension) =>
        FolderPlaces.Names(labels, FolderPlaces.LabelFiles(labels, extension));
}
