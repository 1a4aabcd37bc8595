using Retort.Core;
using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Prediction;

/// <summary>The images that a user names by files and folders.</summary>
public static class ImageFiles
{
    /// <summary>Files as they are, folders as all images in them and below, sorted by name.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="output">A folder whose images are skipped if it lies below one that is named, such as that of an earlier call's
    /// results.</param>
    /// <param name="warn">Receives a line for each format of images in a folder that is not read, with their number.</param>
    /// <exception cref="RetortException">A path does not exist, or a folder has no image that can be read.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, string? output = null, Action<string>? warn = null) =>
        [.. paths.SelectMany(path => Expand(path, output, warn))];

    private static IEnumerable<string> Expand(string path, string? output, Action<string>? warn)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new RetortException($"{path}: there is no such image or folder");
        }

        string[] all = [.. FolderWalk.FilesBelow(path)
            .Where(file => output is null || RelativePath.Below(path, output) is null || RelativePath.Below(output, file) is null)
            .Order(StringComparer.Ordinal)];
        foreach ((string first, string message) in ImageExtensions.Unread(all))
        {
            warn?.Invoke($"{first}: {message}; convert them to PNG to use them");
        }

        string[] found = [.. all.Where(ImageExtensions.IsRead)];
        return found.Length > 0
            ? found
            : throw new RetortException($"{path}: the folder has no image ({string.Join(", ", ImageExtensions.Read)})");
    }
}
