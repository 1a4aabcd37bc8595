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
    /// <exception cref="RetortException">A path does not exist, or a folder has no image.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, string? output = null) => [.. paths.SelectMany(path => Expand(path, output))];

    private static IEnumerable<string> Expand(string path, string? output)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (!Directory.Exists(path))
        {
            throw new RetortException($"{path}: there is no such image or folder");
        }

        string[] found = [.. FolderWalk.FilesBelow(path)
            .Where(ImageExtensions.IsRead)
            .Where(file => output is null || RelativePath.Below(path, output) is null || RelativePath.Below(output, file) is null)
            .Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new RetortException($"{path}: the folder has no image ({string.Join(", ", ImageExtensions.Read)})");
    }
}
