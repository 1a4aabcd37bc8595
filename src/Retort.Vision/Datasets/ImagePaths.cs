namespace Retort.Vision.Datasets;

/// <summary>File names of a data set, which must stay within its folder.</summary>
internal static class ImagePaths
{
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
