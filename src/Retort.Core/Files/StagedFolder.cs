namespace Retort.Core.Files;

/// <summary>
/// A folder that is put together beside its place and moved there when it is complete, so that work that fails or is stopped leaves nothing
/// behind. A folder that exists, which may be a link or another disk, stays: its files are put together within it, and take their places
/// one by one.
/// </summary>
public sealed class StagedFolder : IDisposable
{
    private const string Prefix = ".retort.tmp-";
    private readonly string _target;

    /// <summary>
    /// An empty hidden folder in the one that it is meant for or, where that is missing, beside it and the first of its parents that is
    /// missing.
    /// </summary>
    /// <param name="target">The folder to make.</param>
    public StagedFolder(string target)
    {
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        string there = _target;
        while (!Directory.Exists(there) && System.IO.Path.GetDirectoryName(there) is { } parent)
        {
            there = parent;
        }

        Path = System.IO.Path.Combine(there, $"{Prefix}{Guid.NewGuid().ToString("N")[..8]}");
        UserFiles.CreateFolder(Path);
    }

    /// <summary>Whether a folder exists and has something in it, beside what work that was killed could not remove.</summary>
    /// <param name="folder">The folder.</param>
    public static bool HasContent(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder)
        .Any(entry => !System.IO.Path.GetFileName(entry).StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>Where to put the files until all are there.</summary>
    public string Path { get; }

    /// <summary>Writes a text file, with its folders.</summary>
    /// <param name="name">Its name below the folder.</param>
    /// <param name="text">Its text.</param>
    public void WriteText(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        UserFiles.CreateFolder(System.IO.Path.GetDirectoryName(file)!);
        UserFiles.Guard(file, FileUse.WriteFile, () => File.WriteAllText(file, text));
    }

    /// <summary>Moves the folder, or its files where there is a folder, to its place.</summary>
    /// <param name="last">The file to move last, by its name below the folder: what says that the others are there.</param>
    public void Publish(string? last = null)
    {
        if (!Directory.Exists(_target))
        {
            UserFiles.CreateFolder(System.IO.Path.GetDirectoryName(_target)!);
            UserFiles.Guard(_target, FileUse.WriteFile, () => Directory.Move(Path, _target));
            return;
        }

        string[] files = [.. UserFiles.List(Path, below: true).Select(file => System.IO.Path.GetRelativePath(Path, file))];
        foreach (string file in files.OrderBy(file => file == last))
        {
            string place = System.IO.Path.Combine(_target, file);
            UserFiles.CreateFolder(System.IO.Path.GetDirectoryName(place)!);
            UserFiles.Replace(System.IO.Path.Combine(Path, file), place);
        }
    }

    /// <summary>Deletes what was not moved.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
