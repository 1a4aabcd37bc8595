namespace Retort.Core.Files;

/// <summary>
/// Writes a file so that a reader sees either the old content or the whole new one, also when the process is killed or the
/// disk fills while writing. One source, compiled into every library that writes files, because the base libraries stand alone.
/// </summary>
public static class AtomicFile
{
    private const string TemporaryMark = ".tmp-";

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file in the folder of <paramref name="path"/>, flushes it to the disk
    /// and renames it to <paramref name="path"/>. On any exception the temporary file is deleted and <paramref name="path"/> is untouched.
    /// What earlier, killed writers of the same path left behind is removed first.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Fills it.</param>
    /// <param name="createFolder">Makes the folder where it is missing, instead of refusing.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist, and is not to be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    /// <exception cref="IOException">The disk is full, or another I/O error.</exception>
    public static void Write(string path, Action<FileStream> write, bool createFolder = false)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new IOException($"{path}: names no file");
        if (createFolder)
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{path}: the folder {folder} does not exist; create it first");
        }

        DeleteAbandoned(folder, Path.GetFileName(full));
        string temporary = full + TemporaryMark + Guid.NewGuid().ToString("N")[..8];
        try
        {
            WriteAndRename(temporary, full, write);
        }
        catch (UnauthorizedAccessException e)
        {
            File.Delete(temporary);
            throw new UnauthorizedAccessException($"{path}: the folder {folder} cannot be written (permission denied); choose another one or change its permissions", e);
        }
        catch (IOException e) when (e.Message.Contains(temporary, StringComparison.Ordinal))
        {
            // The name of the temporary file tells a person nothing.
            File.Delete(temporary);
            throw new IOException(e.Message.Replace(temporary, full, StringComparison.Ordinal), e);
        }
        catch (ArgumentOutOfRangeException e) when (e.TargetSite?.DeclaringType?.Namespace == "System.IO")
        {
            // What .NET makes of EFBIG.
            File.Delete(temporary);
            throw new IOException($"{path}: the file is larger than the file system, or a limit of this process, allows; free some room, choose another folder, or raise the limit", e);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void WriteAndRename(string temporary, string full, Action<FileStream> write)
    {
        using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        write(file);
        file.Flush(flushToDisk: true);
        if (OperatingSystem.IsWindows())
        {
            file.Dispose();
        }

        // Elsewhere the lock is kept over the rename, so that no other writer takes the file for an abandoned one.
        File.Move(temporary, full, overwrite: true);
    }

    private static void DeleteAbandoned(string folder, string name)
    {
        // Compared here and not by the pattern of EnumerateFiles, because a name may hold '*' or '?'.
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            if (!Path.GetFileName(path).StartsWith(name + TemporaryMark, StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None))
                {
                    File.Delete(path);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A living writer holds it, or it is not ours to delete: leave it.
            }
        }
    }
}
