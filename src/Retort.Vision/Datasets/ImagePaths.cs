namespace Retort.Vision.Datasets;

/// <summary>File names of a data set, which must stay within its folder.</summary>
internal static class ImagePaths
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG"];

    /// <summary>The image <paramref name="name"/> with one of the known extensions below <paramref name="folder"/>, or null where there is none.</summary>
    public static string? Find(string folder, string name) => Extensions.Select(e => Path.Combine(folder, name + e)).FirstOrDefault(File.Exists);

    /// <summary>Whether a file is an image by its extension.</summary>
    public static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file));

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
