using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>Text files with one image name a line.</summary>
internal static class NameList
{
    /// <summary>
    /// The names and their 1-based lines; empty lines are left out. Where every line ends in -1, 0 or 1, as in VOC's files of one class (<c>NAME -1</c>), that
    /// mark is taken off; a single such line is a name with a blank in it.
    /// </summary>
    /// <exception cref="DatasetException">The file is too large for a list.</exception>
    public static List<(string Name, int Line)> Read(string path)
    {
        TextLimit.Require(path, TextLimit.NameList, "Name a file with one image name a line.");
        List<(string Name, int Line)> names = [.. UserFiles.ReadLines(path).Select((text, i) => (Name: text.Trim(), Line: i + 1)).Where(e => e.Name.Length > 0)];
        return names.All(e => MarkStart(e.Name) > 0) ? [.. names.Select(e => (e.Name[..MarkStart(e.Name)].TrimEnd(), e.Line))] : names;
    }

    /// <summary>The names, each once; those that lead out of <paramref name="folder"/> are errors, those that are there twice are warned of.</summary>
    /// <exception cref="DatasetException">The file is too large for a list.</exception>
    public static List<string> Read(string path, string folder, DatasetProblems problems)
    {
        HashSet<string> seen = [];
        List<string> names = [];
        foreach ((string name, int line) in Read(path))
        {
            if (ImagePaths.Within(folder, name) is null)
            {
                problems.Error(ProblemKind.PathEscape, path, $"line {line}", $"the name '{name}' leads out of the data set", $"Names must stay within the folder {folder}.");
            }
            else if (!seen.Add(name))
            {
                problems.Warn(ProblemKind.Duplicate, path, $"line {line}", $"the name '{name}' is there twice", "It is used once.");
            }
            else
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static int MarkStart(string line)
    {
        int blank = line.LastIndexOfAny([' ', '\t']);
        return blank > 0 && line[(blank + 1)..] is "-1" or "0" or "1" ? blank : -1;
    }
}
