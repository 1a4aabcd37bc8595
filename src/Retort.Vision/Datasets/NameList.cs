namespace Retort.Vision.Datasets;

/// <summary>Text files with one image name a line.</summary>
internal static class NameList
{
    /// <summary>
    /// The names and their 1-based lines. Empty lines are left out, and so is the mark of VOC's files of one class, <c>NAME -1</c>, 0 or 1.
    /// </summary>
    public static IEnumerable<(string Name, int Line)> Read(string path)
    {
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            string name = text.Trim();
            int space = name.LastIndexOfAny([' ', '\t']);
            if (space > 0 && name[(space + 1)..] is "-1" or "0" or "1")
            {
                name = name[..space].TrimEnd();
            }

            if (name.Length > 0)
            {
                yield return (name, line);
            }
        }
    }
}
