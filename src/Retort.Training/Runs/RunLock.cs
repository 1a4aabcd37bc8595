namespace Retort.Training.Runs;

/// <summary>
/// Keeps a folder for one process: two that train into the same one would mix their checkpoints. The lock is advisory (among processes of Retort) and
/// ends with the process, however that ends; its empty file stays.
/// </summary>
public sealed class RunLock : IDisposable
{
    private const string FileName = "run.lock";

    /// <summary>What .NET reports of a file that another process has: EWOULDBLOCK of Linux and of macOS, and the sharing violation of Windows.</summary>
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; the folder is made where it is missing.</summary>
    /// <param name="folder">The folder of a run or of a study.</param>
    /// <exception cref="RunException">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new RunLock(new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw s_taken.Contains(e.HResult)
                ? new RunException($"{folder}: another process is working in this folder; wait for its end or stop it, or take another folder (--set name=..., of a study --output)", e)
                : new RunException($"{folder}: the run folder cannot be written ({e.Message}); choose another place with --set output=... (of a study --output)", e);
        }
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose() => _file.Dispose();
}
