namespace Retort.Core.Files;

/// <summary>
/// Writes a file so that a reader sees either the old content or the whole new one, also when the process is killed or the
/// disk fills while writing.
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
    /// <exception cref="RetortException">The folder does not exist and is not to be made, or it cannot be written, or the disk is
    /// full.</exception>
    public static void Write(string path, Action<Stream> write, bool createFolder = false)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? throw new RetortException($"{path}: this is a folder", "name a file in it");
        if (createFolder)
        {
            UserFiles.CreateFolder(folder);
        }
        else if (!Directory.Exists(folder))
        {
            throw new RetortException($"{path}: the folder {folder} does not exist", "create it first");
        }

        UserFiles.Guard(path, FileUse.WriteFile, () => DeleteAbandoned(folder, Path.GetFileName(full)));
        string temporary = full + TemporaryMark + Guid.NewGuid().ToString("N")[..8];
        using FileStream file = UserFiles.Guard(
            path, FileUse.WriteFile, () => new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16));
        try
        {
            using var stream = new UserStream(file, path, FileUse.WriteFile);
            WriteAndRename(path, temporary, full, stream, write);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void WriteAndRename(string path, string temporary, string full, UserStream stream, Action<Stream> write)
    {
        write(stream);
        stream.Flush(toDisk: true);
        if (OperatingSystem.IsWindows())
        {
            stream.Dispose();
        }

        // Elsewhere the lock is kept over the rename, so that no other writer takes the file for an abandoned one.
        UserFiles.Guard(path, FileUse.WriteFile, () => File.Move(temporary, full, overwrite: true));
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
