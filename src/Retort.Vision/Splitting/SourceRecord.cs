using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Retort.Core;
using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Vision.Splitting;

/// <summary>
/// The file that says which pictures the windows of a folder were cut from: length and time of each. It is written before the windows, so
/// that it also holds for those of a call that was killed; windows of a picture that is another one by now are deleted before that.
/// </summary>
internal static partial class SourceRecord
{
    /// <summary>Its name.</summary>
    public const string FileName = "sources.txt";

    /// <summary>
    /// Deletes the windows of pictures that changed since, or of which nothing is known, and records the pictures as they are.
    /// </summary>
    /// <param name="output">The folder of the split.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="folders">Where the windows' pictures and label files are.</param>
    /// <exception cref="RetortException">A file cannot be read, deleted or written.</exception>
    public static void Update(string output, IReadOnlyList<string> images, IEnumerable<string> folders)
    {
        string path = Path.Combine(output, FileName);
        HashSet<string> before = File.Exists(path) ? [.. UserFiles.ReadLines(path)] : [];
        string[] now = [.. images.Select(Line)];
        HashSet<string?> changed = [.. images.Where((_, i) => !before.Contains(now[i])).Select(Path.GetFileNameWithoutExtension)];
        if (changed.Count == 0 && before.Count == now.Length)
        {
            return;
        }

        foreach (string window in folders.SelectMany(folder => UserFiles.List(folder)).Where(file => changed.Contains(SourceOf(file))))
        {
            UserFiles.Delete(window);
        }

        RenamedFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(now.Select(line => line + "\n"))));
    }

    private static string Line(string image)
    {
        var file = new FileInfo(image);
        return string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc:O} {file.Name}");
    }

    // The inverse of SplitWindow.NameOf.
    private static string? SourceOf(string window) =>
        WindowName().Match(Path.GetFileNameWithoutExtension(window)) is { Success: true } name ? name.Groups["image"].Value : null;

    [GeneratedRegex(@"\A(?<image>.+)__[0-9]+__[0-9]+___[0-9]+\z", RegexOptions.Singleline)]
    private static partial Regex WindowName();
}
