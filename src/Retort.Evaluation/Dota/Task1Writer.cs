using System.Globalization;
using System.IO.Compression;
using System.Text;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Evaluation.Dota;

/// <summary>
/// Writes the result files of DOTA's task 1, a file a class, classes without detections too: the server wants all of them.
/// </summary>
public static class Task1Writer
{
    /// <summary>
    /// Writes <c>Task1_CLASS.txt</c> files into a folder, or into a zip file where the path ends in <c>.zip</c>. All files are written
    /// before the first one takes its place: where that fails, the folder is as it was.
    /// </summary>
    /// <param name="path">The folder or zip file; the folder is made where it is missing.</param>
    /// <param name="results">The detections; their corners are written in the order that they have.</param>
    /// <param name="classNames">The classes in order.</param>
    /// <param name="replace">Whether such files that are in the folder are replaced, those of other classes removed; or the zip file that
    /// is there.</param>
    /// <exception cref="RetortException">A name cannot stand in such files; see <see cref="CheckNames"/>.</exception>
    /// <exception cref="RetortException">A file cannot be written, or there are such files that are not to be replaced.</exception>
    public static void Write(string path, Task1Results results, IReadOnlyList<string> classNames, bool replace = false)
    {
        CheckNames(path, results.ImageNames, classNames);
        if (!replace)
        {
            RequireNone(path);
        }

        string[] texts = Texts(results, classNames.Count);
        if (IsZip(path))
        {
            AtomicFile.Write(path, stream => WriteZip(stream, texts, classNames), createFolder: true);
        }
        else
        {
            WriteFolder(path, texts, [.. classNames.Select(NameOf)]);
        }
    }

    /// <summary>
    /// Refuses a zip file that is there, and a folder that has such files: those of other classes would be taken for a part of what is
    /// written. What takes long asks before it begins.
    /// </summary>
    /// <param name="path">The folder, which need not exist, or zip file.</param>
    /// <exception cref="RetortException">There is such a file.</exception>
    public static void RequireNone(string path)
    {
        if (IsZip(path) && File.Exists(path))
        {
            throw new RetortException($"{path}: the file is there already; name another one, or replace it with --force");
        }

        if (FilesIn(path).Order(StringComparer.Ordinal).FirstOrDefault() is { } there)
        {
            throw new RetortException(
                $"{there}: the folder has result files already; name another one or a .zip, or replace its Task1_*.txt with --force");
        }
    }

    /// <summary>
    /// Refuses names that such files cannot hold: of classes those that cannot be a part of a file's name, of images those with blanks,
    /// which part the fields of a line, and those that several images have. What takes long asks before it begins.
    /// </summary>
    /// <param name="path">The folder or zip file that is to be written.</param>
    /// <param name="imageNames">Names of the images.</param>
    /// <param name="classNames">Names of the classes.</param>
    /// <exception cref="RetortException">There is such a name.</exception>
    public static void CheckNames(string path, IReadOnlyList<string> imageNames, IReadOnlyList<string> classNames)
    {
        if (classNames.FirstOrDefault(name => name.Length == 0 || name.Any(c => char.IsControl(c) || c is '/' or '\\')) is { } className)
        {
            throw DataError.At(path, "", $"the class '{className}' cannot be a part of the name of a file, Task1_CLASS.txt",
                "rename the class");
        }

        if (imageNames.FirstOrDefault(name => name.Length == 0 || name.Any(char.IsWhiteSpace)) is { } imageName)
        {
            throw DataError.At(path, "", $"the image '{imageName}' has blanks in its name, which part the fields of DOTA's result files",
                "rename the image");
        }

        if (imageNames.CountBy(name => name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice, Value: int images })
        {
            throw DataError.At(path, "", $"{images} images are named '{twice}', and DOTA's result files know images by their names alone",
                "rename all but one, or save those of each folder by themselves");
        }
    }

    private static bool IsZip(string path) => Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.Exists(folder) ? UserFiles.List(folder).Where(file => Task1Reader.ClassOf(Path.GetFileName(file)) is not null) : [];

    private static void WriteFolder(string folder, string[] texts, string[] names)
    {
        string beside = Path.Combine(folder, $".task1-{Guid.NewGuid():N}");
        UserFiles.CreateFolder(beside);
        try
        {
            for (int k = 0; k < names.Length; k++)
            {
                AtomicFile.Write(Path.Combine(beside, names[k]), stream => stream.Write(Encoding.UTF8.GetBytes(texts[k])));
            }

            Array.ForEach(names, name => UserFiles.Replace(Path.Combine(beside, name), Path.Combine(folder, name)));
            foreach (string earlier in FilesIn(folder).Where(file => !names.Contains(Path.GetFileName(file))).ToArray())
            {
                UserFiles.Delete(earlier);
            }
        }
        finally
        {
            Directory.Delete(beside, recursive: true);
        }
    }

    private static string NameOf(string className) => $"Task1_{className}.txt";

    private static void WriteZip(Stream stream, string[] texts, IReadOnlyList<string> classNames)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        for (int k = 0; k < texts.Length; k++)
        {
            ZipArchiveEntry entry = zip.CreateEntry(NameOf(classNames[k]));
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same detections give the same file
            using Stream content = entry.Open();
            content.Write(Encoding.UTF8.GetBytes(texts[k]));
        }
    }

    private static string[] Texts(Task1Results results, int classes)
    {
        StringBuilder[] texts = [.. Enumerable.Range(0, classes).Select(_ => new StringBuilder())];
        DotaDetections all = results.Detections;
        for (int i = 0; i < all.Count; i++)
        {
            StringBuilder text = texts[all.Classes[i]];
            text.Append(results.ImageNames[all.Images[i]]).Append(' ').Append(all.Scores[i].ToString("R", CultureInfo.InvariantCulture));
            for (int k = 8 * i; k < 8 * (i + 1); k++)
            {
                text.Append(' ').Append(all.Polygons[k].ToString("F2", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return [.. texts.Select(t => t.ToString())];
    }
}
