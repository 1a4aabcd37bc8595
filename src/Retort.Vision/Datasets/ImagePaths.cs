using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>File names of a data set, which must stay within its folder.</summary>
internal static class ImagePaths
{
    /// <summary>The image <paramref name="name"/> with one of the known extensions below <paramref name="folder"/>, or null where there is none.</summary>
    public static string? Find(string folder, string name) => ImageExtensions.Spellings.Select(e => Path.Combine(folder, name + e)).FirstOrDefault(File.Exists);

    /// <summary>Warns of the images among files that are left out because their format is not read: once for each format, with their number.</summary>
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
        return full.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : null;
    }
}
