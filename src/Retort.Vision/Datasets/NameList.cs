using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>Text files with one image name a line.</summary>
internal static class NameList
{
    /// <summary>
    /// The names and their 1-based lines; empty lines are left out. Where every line ends in -1, 0 or 1, as in VOC's files of one class
    /// (<c>NAME -1</c>), that mark is taken off; a single such line is a name with a blank in it.
    /// </summary>
    /// <exception cref="DatasetException">The file is too large for a list.</exception>
    public static List<(string Name, int Line)> Read(string path)
    {
        TextLimit.Require(path, TextLimit.NameList, "Name a file with one image name a line.");
        List<(string Name, int Line)> names =
            [.. UserFiles.ReadLines(path).Select((text, i) => (Name: text.Trim(), Line: i + 1)).Where(e => e.Name.Length > 0)];
        return names.All(e => MarkStart(e.Name) > 0) ? [.. names.Select(e => (e.Name[..MarkStart(e.Name)].TrimEnd(), e.Line))] : names;
    }

    /// <summary>
    /// The names, each once, of images whose files <paramref name="exists"/> finds. Names may be written as paths with extensions, as the
    /// YOLO family does (<c>./images/train/a.jpg</c>): what stands before the folder's own name is left out.
    /// </summary>
    /// <param name="path">The list.</param>
    /// <param name="folder">The folder that names are relative to.</param>
    /// <param name="problems">Told of names that lead out of the folder or are there twice.</param>
    /// <param name="exists">Whether there is a file of a name below the folder.</param>
    /// <param name="other">Another folder that paths may go through, such as that of the label files.</param>
    /// <exception cref="DatasetException">The file is too large for a list.</exception>
    public static List<string> Read(string path, string folder, DatasetProblems problems, Func<string, bool> exists, string? other = null)
    {
        string[] folders = [.. new[] { folder, other }.OfType<string>()
            .Select(f => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(f))))];
        return Read(path, folder, problems, name => Resolve(name, folder, exists, folders));
    }

    /// <summary>
    /// The names, each once; those that lead out of <paramref name="folder"/> are errors, those that are there twice are warned of.
    /// </summary>
    /// <exception cref="DatasetException">The file is too large for a list.</exception>
    public static List<string> Read(string path, string folder, DatasetProblems problems) => Read(path, folder, problems, name => name);

    private static List<string> Read(string path, string folder, DatasetProblems problems, Func<string, string> resolve)
    {
        HashSet<string> seen = [];
        List<string> names = [];
        foreach ((string written, int line) in Read(path))
        {
            string name = resolve(written);
            if (ImagePaths.Within(folder, name) is null)
            {
                problems.Error(ProblemKind.PathEscape, path, $"line {line}", $"the name '{name}' leads out of the data set",
                    $"Names must stay within the folder {folder}.");
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

    private static string Resolve(string written, string folder, Func<string, bool> exists, string[] folders)
    {
        bool IsThere(string name) => ImagePaths.Within(folder, name) is not null && exists(name);
        if (IsThere(written))
        {
            return written;
        }

        string name = written.Replace('\\', '/');
        while (name.StartsWith("./", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        bool hasExtension = ImageExtensions.IsRead(name) || Path.GetExtension(name).ToLowerInvariant() is ".txt" or ".xml";
        name = hasExtension ? Path.ChangeExtension(name, null) : name;
        string[] parts = name.Split('/');
        return Enumerable.Range(0, parts.Length)
            .Where(skipped => skipped == 0 || folders.Contains(parts[skipped - 1]))
            .Select(skipped => string.Join('/', parts[skipped..]))
            .FirstOrDefault(IsThere) ?? written;
    }

    private static int MarkStart(string line)
    {
        int blank = line.LastIndexOfAny([' ', '\t']);
        return blank > 0 && line[(blank + 1)..] is "-1" or "0" or "1" ? blank : -1;
    }
}
