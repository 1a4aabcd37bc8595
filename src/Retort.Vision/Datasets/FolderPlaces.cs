using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>The folders and the list that a data set of label files is read from.</summary>
internal static class FolderPlaces
{
    /// <summary>The extension of DOTA's and YOLO's label files.</summary>
    public const string LabelExtension = ".txt";

    private const int Shown = 10;
    private const int Looked = 1000; // folders

    /// <summary>Refuses what is not there, and says where such files are.</summary>
    /// <exception cref="DatasetException">A folder or the list does not exist.</exception>
    public static void Require(string labels, string images, string? list)
    {
        Require(Directory.Exists(labels), labels, "the folder of label files does not exist",
            () => Remedy(labels, "label files", "annotations", file => IsLabelFile(file, LabelExtension)));
        Require(Directory.Exists(images), images, "the folder of images does not exist",
            () => Remedy(images, "images", "images", ImageExtensions.IsRead));
        Require(list is null || File.Exists(list), list ?? "", "the list of names does not exist");
    }

    /// <summary>Refuses what is not there.</summary>
    /// <exception cref="DatasetException">It does not exist.</exception>
    public static void Require(bool exists, string path, string message, Func<string>? remedy = null)
    {
        if (!exists)
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, path, "", message,
                remedy?.Invoke() ?? "Check its path."));
        }
    }

    /// <summary>
    /// The files of a folder and of those below, each real folder once, without hidden ones: see <see cref="FolderWalk"/>.
    /// </summary>
    public static IEnumerable<string> Files(string folder) => FolderWalk.FilesBelow(folder);

    /// <summary>
    /// The label files of a folder and of those within, without the list of classes that annotation tools leave among them.
    /// </summary>
    public static IEnumerable<string> LabelFiles(string folder, string extension = LabelExtension) =>
        Files(folder).Where(file => IsLabelFile(file, extension));

    /// <summary>A label file as it is there: with its extension in capitals too.</summary>
    /// <param name="path">The label file, with its extension in small letters.</param>
    public static string WithExtensionAsWritten(string path)
    {
        string[] others = [Path.ChangeExtension(path, null) + Path.GetExtension(path).ToUpperInvariant(),
            Path.ChangeExtension(path, null) + Capitalized(Path.GetExtension(path))];
        return File.Exists(path) ? path : others.FirstOrDefault(File.Exists) ?? path;
    }

    /// <summary>
    /// What files are called below a folder, without extension, each name once and in order; <c>/</c> stands between folders.
    /// </summary>
    public static IReadOnlyList<string> Names(string folder, IEnumerable<string> files) =>
        [.. files.Select(file => Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace(Path.DirectorySeparatorChar, '/'))
            .Distinct().Order(StringComparer.Ordinal)];

    private static bool IsLabelFile(string file, string extension) =>
        Path.GetExtension(file).Equals(extension, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(file) != "classes.txt";

    private static string Capitalized(string extension) =>
        extension.Length < 2 ? extension : $".{char.ToUpperInvariant(extension[1])}{extension[2..]}";

    // Data of other tools has the same folders in another order (train/labels in place of labels/train).
    private static string Remedy(string missing, string what, string key, Func<string, bool> wanted)
    {
        foreach (string above in Above(missing).Where(Directory.Exists))
        {
            string[] there = [.. Below(above).Where(folder => Directory.EnumerateFiles(folder, "*", new EnumerationOptions()).Any(wanted))
                .Select(folder => Path.GetRelativePath(above, folder)).Order(StringComparer.Ordinal)];
            if (there.Length > 0)
            {
                return $"Below {above} there are {what} in "
                    + $"{string.Join(", ", there.Take(Shown))}{(there.Length > Shown ? $" and {there.Length - Shown} more folders" : "")}: "
                    + $"name one in the recipe (data.train.{key}, data.val.{key}) or on the command line.";
            }
        }

        return "Check its path.";
    }

    // The two folders above, in the words of whoever named the one that is missing.
    private static IEnumerable<string> Above(string folder)
    {
        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
        return parent is null ? [] : parent.Length == 0 ? ["."] : Path.GetDirectoryName(parent) switch
        {
            null => [parent],
            "" => [parent, "."],
            string next => [parent, next],
        };
    }

    private static IEnumerable<string> Below(string root) =>
        Directory.EnumerateDirectories(
            root, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true })
            .Take(Looked);
}
