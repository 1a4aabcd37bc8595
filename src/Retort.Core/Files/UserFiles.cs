using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Retort.Core.Files;

/// <summary>What a path is used for; it decides what an error says.</summary>
public enum FileUse
{
    /// <summary>A file is opened or read.</summary>
    ReadFile,

    /// <summary>A file is created, written, moved or deleted.</summary>
    WriteFile,

    /// <summary>The content of a folder is listed.</summary>
    ListFolder,

    /// <summary>A folder is created.</summary>
    CreateFolder,
}

/// <summary>
/// The files of the user: the same calls as those of <see cref="File"/> and <see cref="Directory"/>, whose exceptions become a
/// <see cref="UserFileException"/> that names the path and the remedy. Whatever a user can name by a path is opened here, so that any other
/// <see cref="IOException"/> is a bug.
/// </summary>
public static class UserFiles
{
    /// <summary>Does something with a path; what the system reports becomes a <see cref="UserFileException"/>.</summary>
    /// <param name="path">The path, as messages name it.</param>
    /// <param name="use">What it is used for.</param>
    /// <param name="action">Does it.</param>
    /// <exception cref="UserFileException">The system refused.</exception>
    public static T Guard<T>(string path, FileUse use, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (IsOfSystem(e, path))
        {
            throw Failure(path, use, e);
        }
    }

    /// <inheritdoc cref="Guard{T}"/>
    public static void Guard(string path, FileUse use, Action action) => Guard(path, use, () =>
    {
        action();
        return true;
    });

    /// <summary>Opens a file for reading; so are the errors of reading it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserFileException">It cannot be opened.</exception>
    public static Stream OpenRead(string path) => new UserStream(
        Guard(path, FileUse.ReadFile, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)), path,
            FileUse.ReadFile);

    /// <summary>Opens a file for reading at any place, beside writers that replace it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is going to be read.</param>
    /// <exception cref="UserFileException">It cannot be opened.</exception>
    public static SafeFileHandle OpenHandle(string path, FileOptions options = FileOptions.None) =>
        Guard(path, FileUse.ReadFile,
            () => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, options));

    /// <summary>Reads some bytes of an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="offset">Where they are in the file, bytes.</param>
    /// <param name="path">What messages call the file.</param>
    /// <returns>How many were read; 0 at the end of the file.</returns>
    /// <exception cref="UserFileException">It cannot be read.</exception>
    public static int Read(SafeFileHandle file, Span<byte> destination, long offset, string path)
    {
        try
        {
            return RandomAccess.Read(file, destination, offset);
        }
        catch (Exception e) when (IsOfSystem(e, path))
        {
            throw Failure(path, FileUse.ReadFile, e);
        }
    }

    /// <summary>The whole text of a file.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte order mark.</param>
    /// <exception cref="UserFileException">It cannot be read.</exception>
    public static string ReadAllText(string path) => Guard(path, FileUse.ReadFile, () => File.ReadAllText(path));

    /// <summary>The lines of a text file, read as they are asked for.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte order mark.</param>
    /// <exception cref="UserFileException">It cannot be read.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var text = new StreamReader(OpenRead(path), Encoding.UTF8);
        while (text.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserFileException">It cannot be found.</exception>
    public static long Length(string path) => Guard(path, FileUse.ReadFile, () => new FileInfo(path).Length);

    /// <summary>The files of a folder, listed at once.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pattern">What their names look like.</param>
    /// <param name="below">Whether those of the folders within are listed too.</param>
    /// <exception cref="UserFileException">It cannot be listed.</exception>
    public static IReadOnlyList<string> List(string folder, string pattern = "*", bool below = false) => Guard<IReadOnlyList<string>>(
        folder, FileUse.ListFolder, () =>
            Directory.GetFiles(folder, pattern, below ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));

    /// <summary>Creates a folder and those above it, where they are missing.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="UserFileException">It cannot be created.</exception>
    public static void CreateFolder(string folder) => Guard(folder, FileUse.CreateFolder, () => Directory.CreateDirectory(folder));

    /// <summary>Moves a file over another one.</summary>
    /// <param name="from">The file.</param>
    /// <param name="to">Its new path.</param>
    /// <exception cref="UserFileException">It cannot be moved.</exception>
    public static void Replace(string from, string to) => Guard(to, FileUse.WriteFile, () => File.Move(from, to, overwrite: true));

    /// <summary>Deletes a file, if it is there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserFileException">It cannot be deleted.</exception>
    public static void Delete(string path) => Guard(path, FileUse.WriteFile, () => File.Delete(path));

    /// <summary>Whether an exception is the system's word about a path.</summary>
    internal static bool IsOfSystem(Exception e, string path) =>
        e is IOException or UnauthorizedAccessException || (e is ArgumentException && path.Contains('\0'));

    /// <summary>What the user is told.</summary>
    internal static UserFileException Failure(string path, FileUse use, Exception e)
    {
        (string problem, string remedy) = use switch
        {
            FileUse.ReadFile => Reading(path, e),
            FileUse.WriteFile => Writing(path, e),
            FileUse.ListFolder => e is DirectoryNotFoundException
                ? ("there is no such folder", "check the path")
                : ($"the folder cannot be read ({Reason(e)})", "check the path and its permissions"),
            FileUse.CreateFolder => File.Exists(path)
                ? ("there is a file of this name", "choose another folder")
                : ($"the folder cannot be created ({Reason(e)})", "choose another one or change the permissions above it"),
            _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
        };
        return new UserFileException(path, problem, remedy, Reason(e), e);
    }

    private static (string Problem, string Remedy) Reading(string path, Exception e) =>
        Directory.Exists(path) ? ("this is a folder", "name a file in it")
        : e is FileNotFoundException ? ("there is no such file", "check the path")
        : e is DirectoryNotFoundException ? ($"the folder {FolderOf(path)} does not exist", "check the path")
        : ($"the file cannot be read ({Reason(e)})", e is UnauthorizedAccessException ? "change its permissions"
            : "check the path, the disk and the connection to it");

    private static (string Problem, string Remedy) Writing(string path, Exception e) =>
        Directory.Exists(path) ? ("this is a folder", "name a file in it")
        : e is DirectoryNotFoundException ? ($"the folder {FolderOf(path)} does not exist", "create it first")
        : e is UnauthorizedAccessException
            ? ($"the folder {FolderOf(path)} cannot be written (permission denied)", "choose another one or change its permissions")
        : e is ArgumentOutOfRangeException
            // What .NET makes of EFBIG.
            ? ("the file is larger than the file system, or a limit of this process, allows",
                "free some room, choose another folder, or raise the limit")
        : ($"the file cannot be written ({Reason(e)})", "free some room or choose another folder");

    private static string? FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path));

    // The system's words without the path, which the message begins with.
    private static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the path is longer than the system allows",
        ArgumentOutOfRangeException => "the file is too large",
        ArgumentException => "the name has a character that no file name has",
        _ => e.Message.Split(" : '")[0].TrimEnd('.'),
    };
}
