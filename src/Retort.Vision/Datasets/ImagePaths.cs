using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>File names of a data set, which must stay within its folder.</summary>
internal static class ImagePaths
{
    /// <summary>
    /// The image <paramref name="name"/> with one of the known extensions below <paramref name="folder"/>, or null where there is none.
    /// </summary>
    public static string? Find(string folder, string name) =>
        ImageExtensions.Spellings.Select(e => Path.Combine(folder, name + e)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Warns of images that have the same name and another extension: a label file belongs to one of them, see <see cref="Find"/>.
    /// </summary>
    /// <param name="folder">The folder of images.</param>
    /// <param name="names">The names in use, without extension.</param>
    /// <param name="problems">Where warnings are added.</param>
    public static void WarnOfSameNames(string folder, IReadOnlyCollection<string> names, DatasetProblems problems)
    {
        string NameOf(string file) =>
            Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace(Path.DirectorySeparatorChar, '/');
        HashSet<string> used = [.. names];
        foreach (IGrouping<string, string> group in FolderPlaces.Files(folder).Where(ImageExtensions.IsRead).GroupBy(NameOf)
            .Where(g => used.Contains(g.Key) && g.Count() > 1).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            string chosen = Find(folder, group.Key) ?? group.First();
            foreach (string other in group.Where(file => Path.GetFileName(file) != Path.GetFileName(chosen)).Order(StringComparer.Ordinal))
            {
                problems.Warn(
                    ProblemKind.Duplicate, other, "",
                        $"there is {Path.GetFileName(chosen)} with the same name, and one label file for both",
                    $"This image is left out and {Path.GetFileName(chosen)} is used; give the images different names, each with its own "
                        + "label file.");
            }
        }
    }

    /// <summary>
    /// Warns of the images among files that are left out because their format is not read: once for each format, with their number.
    /// </summary>
    public static void WarnOfUnread(IEnumerable<string> files, DatasetProblems problems)
    {
        foreach ((string first, string message) in ImageExtensions.Unread(files))
        {
            problems.Warn(ProblemKind.UnreadableImage, first, "", message, "Convert them to PNG to use them.");
        }
    }

    /// <summary>The full path of <paramref name="name"/> below <paramref name="folder"/>, or null where it leads out of it.</summary>
    public static string? Within(string folder, string name)
    {
        if (name.Length == 0 || name.Contains('\0') || Path.IsPathRooted(name))
        {
            return null;
        }

        string root = Path.GetFullPath(folder);
        string full = Path.GetFullPath(Path.Combine(root, name));
        return full.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full
            : null;
    }
}
