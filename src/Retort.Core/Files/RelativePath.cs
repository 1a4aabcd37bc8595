namespace Retort.Core.Files;

/// <summary>Relative paths, without looking at the disk.</summary>
public static class RelativePath
{
    /// <summary>The path from a folder to something in it, or null where it is not below the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">A file or folder; neither needs to exist.</param>
    public static string? Below(string folder, string path)
    {
        string relative = Path.GetRelativePath(folder, path);
        bool outside = relative is "." or ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || Path.IsPathRooted(relative);
        return outside ? null : relative;
    }
}
