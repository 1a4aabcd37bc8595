namespace Retort.Vision.Datasets;

/// <summary>Which label files of a folder belong to a data set.</summary>
public static class DotaLabelNames
{
    /// <summary>Names of the label files below the folder, without extension: those of the list in its order, otherwise all of the folder by name.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="list">A file of names, one a line; folders may stand before them. Null for all.</param>
    /// <param name="problems">Told of names that cannot be used, and where there is none.</param>
    /// <exception cref="DatasetException">The list is too large for one.</exception>
    public static IReadOnlyList<string> Read(string labels, string? list, DatasetProblems problems)
    {
        List<string> names = list is not null
            ? NameList.Read(list, labels, problems)
            : [.. Directory.EnumerateFiles(labels, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];
        if (names.Count == 0)
        {
            problems.Error(ProblemKind.EmptySplit, list ?? labels, "", "no image is named", list is null ? "Put the label files there." : "Write one name a line, without the extension.");
        }

        return names;
    }
}
