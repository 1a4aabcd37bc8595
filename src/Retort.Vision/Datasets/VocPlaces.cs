using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>
/// Where a VOC data set has its files. Other tools write images and annotations into one folder, or one such folder for each split
/// (<c>train/a.jpg</c>, <c>train/a.xml</c>); these are read too.
/// </summary>
/// <param name="Annotations">The folder of annotations; <c>Annotations</c> where there is none at all.</param>
/// <param name="Images">The folder of images.</param>
/// <param name="Split">The list of the split in <c>ImageSets/Main</c>, or the folder of the split.</param>
/// <param name="IsList">Whether <paramref name="Split"/> is a list.</param>
public sealed record VocPlaces(string Annotations, string Images, string Split, bool IsList)
{
    private const string Extension = ".xml";

    /// <summary>Looks for the files of a split.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="split">The name of a list without <c>.txt</c>, or of a folder.</param>
    public static VocPlaces Of(string root, string split)
    {
        string list = Path.Combine(root, "ImageSets", "Main", split + ".txt");
        string folder = Path.Combine(root, split);
        if (!File.Exists(list) && split.Length > 0 && Directory.Exists(folder) && FolderPlaces.LabelFiles(folder, Extension).Any())
        {
            return new VocPlaces(folder, folder, folder, IsList: false);
        }

        string annotations = AnnotationFolder(root);
        string images = Path.Combine(root, "JPEGImages");
        return new VocPlaces(annotations, Directory.Exists(images) || !Has(annotations, ImageExtensions.IsRead) ? images
            : annotations, list, IsList: true);
    }

    /// <summary>
    /// The folder of annotations of a data set: <c>Annotations</c>, else that of the images or the data set's own where annotations are in
    /// it.
    /// </summary>
    /// <param name="root">The data set's folder.</param>
    public static string AnnotationFolder(string root)
    {
        string usual = Path.Combine(root, "Annotations");
        return new[] { usual, Path.Combine(root, "JPEGImages"), root }.FirstOrDefault(
            f => Directory.Exists(f) && (f == usual || Has(f, IsAnnotation))) ?? usual;
    }

    private static bool IsAnnotation(string file) => Path.GetExtension(file).Equals(Extension, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string folder, Func<string, bool> wanted) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", new EnumerationOptions { IgnoreInaccessible = true }).Any(wanted);
}
