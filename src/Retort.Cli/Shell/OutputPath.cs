using Retort.Core;
using Retort.Vision.Imaging;

namespace Retort.Cli.Shell;

/// <summary>Finds out whether a place can be written before the work that is to be written there, and not hours later.</summary>
internal static class OutputPath
{
    /// <summary>A file, in a folder that is there.</summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="RetortException">It cannot be written.</exception>
    public static void RequireFile(string path, string option)
    {
        if (Directory.Exists(path))
        {
            throw new RetortException($"{path}: this is a folder; give {option} the name of a file in it");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new RetortException($"{path}: the folder {folder} does not exist; create it first, or name another place by {option}");
        }

        Try(folder, path, option);
    }

    /// <summary>A picture, in a folder that is there.</summary>
    /// <param name="path">The file; it need not exist.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="RetortException">It cannot be written.</exception>
    public static void RequirePicture(string path, string option)
    {
        RequireFile(path, option);
        if (!ImageExtensions.IsWritten(path))
        {
            throw new RetortException($"{path}: this names no image format; end the name that {option} gives in .jpg or .png");
        }
    }

    /// <summary>A folder, which is made later where it is missing.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="RetortException">It cannot be made or written.</exception>
    public static void RequireFolder(string path, string option)
    {
        string at = Path.GetFullPath(path);
        while (!Directory.Exists(at))
        {
            var link = new FileInfo(at);
            if (link.LinkTarget is not null && link.ResolveLinkTarget(returnFinalTarget: true) is { Exists: false } target)
            {
                throw new RetortException($"{at}: this is a link to {target.FullName}, which is not there; mount or create it, or name "
                    + $"another place by {option}");
            }

            if (File.Exists(at))
            {
                throw new RetortException($"{at}: there is a file of this name; give {option} the name of a folder");
            }

            at = Path.GetDirectoryName(at)!;
        }

        Try(at, path, option);
    }

    /// <summary>A folder, or a file that ends in <c>.zip</c>, whose folder is made later where it is missing.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="option">The option that names it.</param>
    /// <exception cref="RetortException">It cannot be made or written.</exception>
    public static void RequireFolderOrZip(string path, string option)
    {
        bool zip = Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);
        if (zip && Directory.Exists(path))
        {
            throw new RetortException($"{path}: this is a folder; give {option} the name of a .zip file that may be written");
        }

        RequireFolder(zip ? Path.GetDirectoryName(Path.GetFullPath(path))! : path, option);
    }

    private static void Try(string folder, string path, string option)
    {
        string probe = Path.Combine(folder, $".retort-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The system's words without the probe's name, which nobody knows.
            string reason = e is UnauthorizedAccessException ? "permission denied" : e.Message.Split(" : ")[0];
            throw new RetortException(
                $"{path}: nothing can be written in {folder} ({reason}); permit it, or name another place by {option}", e);
        }
    }
}
