namespace Retort.Vision.Datasets;

/// <summary>Text files with one image name a line.</summary>
internal static class NameList
{
    /// <summary>
    /// The names and their 1-based lines; empty lines are left out. Where every line ends in -1, 0 or 1, as in VOC's files of one class (<c>NAME -1</c>), that
    /// mark is taken off; a single such line is a name with a blank in it.
    /// </summary>
    public static List<(string Name, int Line)> Read(string path)
    {
        List<(string Name, int Line)> names = [.. File.ReadLines(path).Select((text, i) => (Name: text.Trim(), Line: i + 1)).Where(e => e.Name.Length > 0)];
        return names.All(e => MarkStart(e.Name) > 0) ? [.. names.Select(e => (e.Name[..MarkStart(e.Name)].TrimEnd(), e.Line))] : names;
    }

    private static int MarkStart(string line)
    {
        int blank = line.LastIndexOfAny([' ', '\t']);
        return blank > 0 && line[(blank + 1)..] is "-1" or "0" or "1" ? blank : -1;
    }
}
