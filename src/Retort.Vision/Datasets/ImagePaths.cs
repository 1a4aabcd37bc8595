using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>File names of a data set, which must stay within its folder.</summary>
internal static class ImagePaths
{
    /// <summary>The image <paramref name="name"/> with one of the known extensions below <paramref name="folder"/>, or null where there is none.</summary>
    public static string? Find(string folder, string name) => ImageExtensions.Spellings.Select(e => Path.Combine(folder, name + e)).FirstOrDefault(File.Exists);

    /// <summary>Warns of the pictures among files that are left out because their format is not read.</summary>
    public static void WarnOfUnread(IEnumerable<string> files, DatasetProblems problems)
    {
        foreach (string other in files.Where(ImageExtensions.IsUnread).Order(StringComparer.Ordinal))
        {
            problems.Warn(ProblemKind.UnreadableImage, other, "", "the image is neither JPEG nor PNG", "It is left out; convert it to PNG to use it.");
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
