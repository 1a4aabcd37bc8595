using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>An image with its label file.</summary>
/// <param name="Name">Its name below the folder, without extension.</param>
/// <param name="Path">The file.</param>
/// <param name="Labels">What its label file says.</param>
/// <param name="Size">Pixels; null where it cannot be read.</param>
internal sealed record YoloImage(string Name, string Path, YoloLabelFile Labels, (int Width, int Height)? Size);

/// <summary>
/// Reads the images of a folder with their label files, in parallel; the result does not depend on the number of threads.
/// </summary>
public static class YoloFolder
{
    // The first ones may be empty.
    private const int InspectedFiles = 100;

    /// <summary>
    /// The folder of images that usually goes with one of label files: <c>images</c> beside it, or <c>images/train</c> for
    /// <c>labels/train</c>; null where there is none.
    /// </summary>
    /// <param name="labels">The folder of label files.</param>
    public static string? ImagesBeside(string labels)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(labels));
        string above = Path.GetDirectoryName(full) ?? full;
        string[] usual = [Path.Combine(above, "images"), Path.Combine(above, "..", "images", Path.GetFileName(full))];
        return usual.FirstOrDefault(folder => Directory.Exists(folder) && FolderPlaces.Files(folder).Any(ImageExtensions.IsRead))
            is { } found ? Path.GetFullPath(found) : null;
    }

    /// <summary>
    /// The names of the images and label files of two folders and of those within, without extension, in order. Images without a label file
    /// are background; a label file without an image is a mistake, and must be found.
    /// </summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="images">The folder of images.</param>
    public static IReadOnlyList<string> Names(string labels, string images) =>
        [.. FolderPlaces.Names(images, FolderPlaces.Files(images).Where(ImageExtensions.IsRead)).Union(LabelNames.Below(labels))
            .Order(StringComparer.Ordinal)];

    /// <summary>
    /// Whether a folder has label files of the YOLO family, by the first that have objects. Corners of theirs could be read as DOTA's, with
    /// the last number for the class, but no line of DOTA's as theirs; what is neither is theirs too, because they have forms that are not
    /// read here, such as outlines.
    /// </summary>
    /// <param name="labels">The folder of label files.</param>
    public static bool IsFormatOf(string labels)
    {
        string[] files = [.. FolderPlaces.LabelFiles(labels).Take(InspectedFiles)];
        bool Reads(string file, int numbers) =>
            YoloLabelFile.Read(file, numbers, int.MaxValue) is { Objects.Count: > 0, Problems.Count: 0 };
        return files.Any(file => Reads(file, YoloLabelFile.BoxNumbers) || Reads(file, YoloLabelFile.CornerNumbers))
            || (files.Length > 0 && !files.Any(file => DotaLabelFile.Read(file).Objects.Count > 0));
    }

    /// <summary>The images in order; what is wrong goes to <paramref name="problems"/>.</summary>
    /// <exception cref="DatasetException">A folder or the list does not exist.</exception>
    internal static YoloImage[] Read(
        string labels, string images, string? list, int numbers, int classes, bool imagesMustBe, DatasetProblems problems)
    {
        FolderPlaces.Require(labels, images, list);
        IReadOnlyList<string> names = list is null ? Names(labels, images)
            : NameList.Read(list, images, problems, name => ImagePaths.Find(images, name) is not null, labels);
        if (list is null)
        {
            ImagePaths.WarnOfUnread(FolderPlaces.Files(images), problems);
            WarnOfFoldersWithoutLabels(names, labels, images, problems);
        }

        (YoloImage Image, DatasetProblem? Problem)[] read =
            [.. names.AsParallel().AsOrdered().Select(name => Open(name, labels, images, numbers, classes))];
        foreach ((YoloImage image, DatasetProblem? problem) in read)
        {
            foreach (DatasetProblem found in problem is null || (problem.Kind == ProblemKind.MissingFile && !imagesMustBe)
                ? image.Labels.Problems : [problem, .. image.Labels.Problems])
            {
                problems.Add(found);
            }
        }

        int outlines = read.Sum(r => r.Image.Labels.Outlines);
        if (outlines > 0)
        {
            problems.Add(new DatasetProblem(
                ProblemSeverity.Note, ProblemKind.BrokenRecord, labels, "",
                    $"{outlines} of {read.Sum(r => r.Image.Labels.Objects.Count)} objects are outlines of points, not boxes",
                "The upright box around each is used; of lines with four corners 'retort dataset convert yolo-obb-to-dota' makes rotated "
                    + "boxes."));
        }

        ImagePaths.WarnOfSameNames(images, names, problems);
        if (names.Count == 0)
        {
            problems.Error(ProblemKind.EmptySplit, list ?? images, "", "no image is named", list is null ? "Put the images there."
                : "Write one name a line, without the extension.");
        }

        return [.. read.Select(r => r.Image)];
    }

    // Thumbnails and drawn pictures lie in folders of their own, and would be background.
    private static void WarnOfFoldersWithoutLabels(IReadOnlyList<string> names, string labels, string images, DatasetProblems problems)
    {
        foreach (IGrouping<string, string> folder in names.GroupBy(name => Path.GetDirectoryName(name)!)
            .Where(f => f.Key.Length > 0 && !f.Any(name => File.Exists(LabelFile(labels, name)))))
        {
            problems.Warn(
                ProblemKind.NoAnnotations, Path.Combine(images, folder.Key), "",
                    $"none of the images here ({folder.Count()}) has a label file, so they are taken for images without objects",
                $"Where they are not, add label files in {Path.Combine(labels, folder.Key)}, name the images by a list, or move them "
                    + "elsewhere.");
        }
    }

    private static string LabelFile(string labels, string name) =>
        FolderPlaces.WithExtensionAsWritten(Path.Combine(labels, name + FolderPlaces.LabelExtension));

    private static (YoloImage Image, DatasetProblem? Problem) Open(string name, string labels, string images, int numbers, int classes)
    {
        string labelFile = LabelFile(labels, name);
        var image = LabelledImage.Find(images, name, labelFile);
        return (new YoloImage(name, image.Path, YoloLabelFile.Read(labelFile, numbers, classes), image.Size), image.Problem);
    }
}
