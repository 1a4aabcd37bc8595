namespace Retort.Core.Files;

/// <summary>
/// Lists the files of a folder that a person means by it. Hidden files and folders (<c>._a.jpg</c>, <c>.ipynb_checkpoints</c>) and the
/// <c>__MACOSX</c> folders of archives are left out. Every real folder is visited once, so links that loop are harmless.
/// </summary>
public static class FolderWalk
{
    private const string ArchiveLeftovers = "__MACOSX";

    private static readonly EnumerationOptions s_visible = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };

    /// <summary>The files of a folder, without those of the folders in it, in ordinal order.</summary>
    /// <param name="folder">The folder; it may itself be hidden.</param>
    /// <exception cref="UserFileException">A folder does not exist or cannot be read.</exception>
    public static IEnumerable<string> FilesIn(string folder) =>
        UserFiles.Guard(folder, FileUse.ListFolder, () => Directory.GetFiles(folder, "*", s_visible)).Order(StringComparer.Ordinal);

    /// <summary>The files of a folder and of all folders below, a folder's own files first; folders and files in ordinal order.</summary>
    /// <param name="folder">The folder; it may itself be hidden.</param>
    /// <exception cref="UserFileException">A folder does not exist or cannot be read.</exception>
    public static IEnumerable<string> FilesBelow(string folder) => FoldersOf(folder).SelectMany(FilesIn);

    /// <summary>
    /// A folder and all folders below, each real folder once: by its own path where it has one below <paramref name="folder"/>, else by a
    /// link.
    /// </summary>
    /// <param name="folder">The folder; it may itself be hidden.</param>
    /// <exception cref="UserFileException">A folder does not exist or cannot be read.</exception>
    public static IReadOnlyList<string> FoldersOf(string folder)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<string>();
        var links = new Queue<(string Path, string Real)>();
        Visit(folder, RealPath(folder), visited, found, links);
        while (links.TryDequeue(out (string Path, string Real) link))
        {
            Visit(link.Path, link.Real, visited, found, links);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    // Links wait until all real folders are known.
    private static void Visit(string path, string real, HashSet<string> visited, List<string> found,
        Queue<(string Path, string Real)> links)
    {
        if (!visited.Add(real))
        {
            return;
        }

        found.Add(path);
        foreach (string child in UserFiles.Guard(path, FileUse.ListFolder, () => Directory.GetDirectories(path, "*", s_visible))
            .Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(child);
            if (name == ArchiveLeftovers)
            {
                continue;
            }

            if (new DirectoryInfo(child).LinkTarget is null)
            {
                Visit(child, Path.Combine(real, name), visited, found, links);
            }
            else if (RealPath(child) is var target && !IsAncestor(target, real))
            {
                links.Enqueue((child, target));
            }
        }
    }

    // A link to a folder that holds the link itself would bring in that folder's other contents, which nobody named.
    private static bool IsAncestor(string folder, string of) =>
        of == folder || of.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The full path with the links of every part resolved; ResolveLinkTarget resolves the last part alone.
    private static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            real = new DirectoryInfo(next).LinkTarget is { } target ? RealPath(Path.Combine(real, target)) : next;
        }

        return real;
    }
}
