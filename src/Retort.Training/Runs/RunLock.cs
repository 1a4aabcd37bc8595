namespace Retort.Training.Runs;

/// <summary>
/// Keeps a folder for one process: two that train into the same one would mix their checkpoints. The lock is advisory (among processes of
/// Retort) and ends with the process, however that ends; its empty file stays.
/// </summary>
public sealed class RunLock : IDisposable
{
    private const string FileName = "run.lock";

    /// <summary>
    /// What .NET reports of a file that another process has: EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows.
    /// </summary>
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;
    private readonly string? _made;

    private RunLock(FileStream file, string? made) => (_file, _made) = (file, made);

    /// <summary>Takes the lock; the folder is made where it is missing.</summary>
    /// <param name="folder">The folder of a run or of a study.</param>
    /// <exception cref="RunException">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            string? made = FirstMissing(folder);
            Directory.CreateDirectory(folder);
            return new RunLock(new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None),
                made);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw s_taken.Contains(e.HResult)
                ? new RunException($"{folder}: another process is working in this folder; wait for its end or stop it, or take another "
                    + "folder (--set name=..., of a study --output)", e)
                : new RunException($"{folder}: the run folder cannot be written ({e.Message}); choose another place with --set "
                    + "output=... (of a study --output)", e);
        }
    }

    /// <summary>Takes back what <see cref="Take"/> made, where nothing else came into it: for a run that did not begin.</summary>
    public void Withdraw()
    {
        if (_made is null)
        {
            return;
        }

        string file = _file.Name;
        _file.Dispose();
        try
        {
            File.Delete(file);
            for (string at = Path.GetDirectoryName(file)!; at.Length >= _made.Length && !Directory.EnumerateFileSystemEntries(at).Any();
                at = Path.GetDirectoryName(at)!)
            {
                Directory.Delete(at);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why the run did not begin says more than that an empty folder is left.
        }
    }

    // The uppermost of the folders that have to be made; null where there is none.
    private static string? FirstMissing(string folder)
    {
        string? missing = null;
        for (string? at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null && !Directory.Exists(at);
            at = Path.GetDirectoryName(at))
        {
            missing = at;
        }

        return missing;
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose() => _file.Dispose();
}
