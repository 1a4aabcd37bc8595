using System.Globalization;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// The classes of a VOC folder with their ids, in the file <c>categories.txt</c>: a line each, <c>ID NAME</c>. VOC itself has no such file;
/// what Retort converts from COCO has one, so that ids and classes without objects survive.
/// </summary>
internal static class VocCategories
{
    /// <summary>The file's name.</summary>
    public const string FileName = "categories.txt";

    /// <summary>The classes by ascending id; null where the folder has no such file.</summary>
    /// <exception cref="DatasetException">A line is no id and name, or one of them is there twice.</exception>
    public static IReadOnlyList<(long Id, string Name)>? Read(string root)
    {
        string file = Path.Combine(root, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        TextLimit.Require(file, TextLimit.NameList, "Write an id and a name a line.");
        List<(long Id, string Name)> categories = [];
        int line = 0;
        foreach (string text in UserFiles.ReadLines(file))
        {
            line++;
            string[] parts = text.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || parts[1].Length == 0
                || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id))
            {
                throw Broken(ProblemKind.BrokenRecord, file, line, $"'{text}' is not a class",
                    "Write an id and a name, separated by a blank.");
            }

            if (categories.Any(c => c.Id == id || c.Name == parts[1]))
            {
                throw Broken(ProblemKind.Duplicate, file, line, $"the id {id} or the name '{parts[1]}' is there twice",
                    "Give each class its own id and name.");
            }

            categories.Add((id, parts[1]));
        }

        return [.. categories.OrderBy(c => c.Id)];
    }

    /// <summary>The file's text.</summary>
    public static string Text(IEnumerable<long> ids, IEnumerable<string> names) =>
        string.Concat(ids.Zip(names).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.First} {c.Second}\n")));

    private static DatasetException Broken(ProblemKind kind, string file, int line, string message, string remedy) =>
        new(new DatasetProblem(ProblemSeverity.Error, kind, file, $"line {line}", message, remedy));
}
