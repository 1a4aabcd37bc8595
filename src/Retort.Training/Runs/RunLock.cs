using System.Globalization;

namespace Retort.Training.Runs;

/// <summary>
/// Keeps a folder for one process: two that train into the same one would mix their checkpoints. The lock is advisory (among processes of Retort) and
/// ends with the process, however that ends; its empty file stays.
/// </summary>
public sealed class RunLock : IDisposable
{
    private const string FileName = "run.lock";
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; the folder is made where it is missing.</summary>
    /// <param name="folder">The folder of a run or of a study.</param>
    /// <exception cref="RunException">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            var taken = new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
            taken.WriteOwner();
            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e is IOException && ReadOwner(path) is { } owner
                ? new RunException($"{folder}: process {owner} is working in this folder; wait for its end or stop it, or take another folder (--set name=...)", e)
                : new RunException($"{folder}: the run folder cannot be written ({e.Message}); choose another place with --set output=...", e);
        }
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose()
    {
        _file.SetLength(0);
        _file.Dispose();
    }

    private void WriteOwner()
    {
        _file.SetLength(0);
        _file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        _file.Flush();
    }

    /// <summary>The process that has the lock; null where none has, that is, where something else is wrong.</summary>
    private static string? ReadOwner(string path)
    {
        try
        {
            // Shared with everybody, so that no lock is asked for.
            using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return file.ReadToEnd() is { Length: > 0 } owner ? owner : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
