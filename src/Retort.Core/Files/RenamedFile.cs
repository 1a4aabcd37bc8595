using System.Text.RegularExpressions;

namespace Retort.Core.Files;

/// <summary>
/// Files of which there are thousands. A crash may lose one but never leaves half of one; flushing each to the disk, as the checkpoints'
/// writer does, would make writing a data set slow.
/// </summary>
public static partial class RenamedFile
{
    /// <summary>Writes <paramref name="bytes"/> beside <paramref name="path"/> and renames the result to it.</summary>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string unfinished = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (UserFiles.IsOfSystem(e, path))
        {
            File.Delete(unfinished);
            throw UserFiles.Failure(path, FileUse.WriteFile, e);
        }
    }

    /// <summary>What writers that were killed left in a folder.</summary>
    public static IEnumerable<string> Unfinished(string folder) => UserFiles.List(folder, "*.tmp").Where(path => Mark().IsMatch(path));

    [GeneratedRegex(@"\.[0-9]+\.[0-9]+\.tmp\z")]
    private static partial Regex Mark();
}
