namespace Retort.Vision.Datasets;

/// <summary>Which label files of a folder belong to a data set.</summary>
public static class DotaLabelNames
{
    /// <summary>Names of the label files below the folder, without extension: those of the list in its order, otherwise all of the folder by name.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="list">A file of names, one a line; folders may stand before them. Null for all.</param>
    /// <param name="problems">Told of names that cannot be used, and where there is none.</param>
    public static IReadOnlyList<string> Read(string labels, string? list, DatasetProblems problems)
    {
        IEnumerable<(string Name, int Line)> all = list is not null
            ? NameList.Read(list)
            : Directory.EnumerateFiles(labels, "*.txt").Select(f => (Name: Path.GetFileNameWithoutExtension(f), Line: 0)).OrderBy(e => e.Name, StringComparer.Ordinal);
        HashSet<string> seen = [];
        List<string> names = [];
        foreach ((string name, int line) in all)
        {
            if (ImagePaths.Within(labels, name) is null)
            {
                problems.Error(ProblemKind.PathEscape, list!, $"line {line}", $"the name '{name}' leads out of the data set", "Names must stay within the folder.");
            }
            else if (!seen.Add(name))
            {
                problems.Warn(ProblemKind.Duplicate, list!, $"line {line}", $"the name '{name}' is there twice", "It is used once.");
            }
            else
            {
                names.Add(name);
            }
        }

        if (seen.Count == 0)
        {
            problems.Error(ProblemKind.EmptySplit, list ?? labels, "", "no image is named", list is null ? "Put the label files there." : "Write one name a line, without the extension.");
        }

        return names;
    }
}
