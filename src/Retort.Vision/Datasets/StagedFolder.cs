namespace Retort.Vision.Datasets;

/// <summary>
/// A folder that is put together beside its place and moved there when it is complete, so that work that fails or is stopped leaves nothing behind. A folder that
/// exists gets the files one by one.
/// </summary>
internal sealed class StagedFolder : IDisposable
{
    private readonly string _target;

    /// <summary>An empty folder beside the place that it is meant for, and beside the first of its parents that is missing.</summary>
    /// <param name="target">The folder to make.</param>
    public StagedFolder(string target)
    {
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        string beside = _target;
        while (System.IO.Path.GetDirectoryName(beside) is { } parent && !Directory.Exists(parent))
        {
            beside = parent;
        }

        Path = $"{beside}.tmp-{Guid.NewGuid().ToString("N")[..8]}";
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where to put the files until all are there.</summary>
    public string Path { get; }

    /// <summary>Writes a text file, with its folders.</summary>
    /// <param name="name">Its name below the folder.</param>
    /// <param name="text">Its text.</param>
    public void WriteText(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Moves the folder, or its files where there is a folder that is not empty, to its place.</summary>
    /// <param name="last">The file to move last, by its name below the folder: what says that the others are there.</param>
    public void Publish(string? last = null)
    {
        if (!IsUsed(_target))
        {
            if (Directory.Exists(_target))
            {
                Directory.Delete(_target);
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_target)!);
            Directory.Move(Path, _target);
            return;
        }

        string[] files = [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file))];
        foreach (string file in files.OrderBy(file => file == last))
        {
            string place = System.IO.Path.Combine(_target, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
            File.Move(System.IO.Path.Combine(Path, file), place, overwrite: true);
        }
    }

    /// <summary>Whether there is a folder with something in it.</summary>
    public static bool IsUsed(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();

    /// <summary>Deletes what was not moved.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
