using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>An image with its label file.</summary>
/// <param name="Name">Its name below the folder, without extension.</param>
/// <param name="Path">The file.</param>
/// <param name="Labels">What its label file says.</param>
/// <param name="Size">Pixels; null where it cannot be read.</param>
internal sealed record YoloImage(string Name, string Path, YoloLabelFile Labels, (int Width, int Height)? Size);

/// <summary>Reads the images of a folder with their label files, in parallel; the result does not depend on the number of threads.</summary>
internal static class YoloFolder
{
    /// <summary>The images in order; what is wrong goes to <paramref name="problems"/>.</summary>
    /// <exception cref="DatasetException">A folder or the list does not exist.</exception>
    public static YoloImage[] Read(string labels, string images, string? list, int numbers, int classes, bool imagesMustBe, DatasetProblems problems)
    {
        Require(Directory.Exists(labels), labels, "the folder of label files does not exist");
        Require(Directory.Exists(images), images, "the folder of images does not exist");
        Require(list is null || File.Exists(list), list ?? "", "the list of names does not exist");
        string[] names = [.. list is null ? AllNames(labels, images) : Listed(list, images, problems)];
        (YoloImage Image, DatasetProblem? Problem)[] read = [.. names.AsParallel().AsOrdered().Select(name => Open(name, labels, images, numbers, classes))];
        foreach ((YoloImage image, DatasetProblem? problem) in read)
        {
            foreach (DatasetProblem found in problem is null || (problem.Kind == ProblemKind.MissingFile && !imagesMustBe) ? image.Labels.Problems : [problem, .. image.Labels.Problems])
            {
                problems.Add(found);
            }
        }

        if (names.Length == 0)
        {
            problems.Error(ProblemKind.EmptySplit, list ?? images, "", "no image is named", list is null ? "Put the images there." : "Write one name a line, without the extension.");
        }

        return [.. read.Select(r => r.Image)];
    }

    // Images without a label file are background; a label file without an image is a mistake, and must be found.
    private static IEnumerable<string> AllNames(string labels, string images) => Directory.EnumerateFiles(images)
        .Where(ImagePaths.IsImage)
        .Concat(Directory.EnumerateFiles(labels, "*.txt").Where(file => !IsClassList(file)))
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Distinct()
        .Order(StringComparer.Ordinal);

    // Annotation tools leave it among the label files.
    private static bool IsClassList(string file) => Path.GetFileName(file) == "classes.txt";

    private static IEnumerable<string> Listed(string list, string images, DatasetProblems problems)
    {
        HashSet<string> seen = [];
        foreach ((string name, int line) in NameList.Read(list))
        {
            if (ImagePaths.Within(images, name) is null)
            {
                problems.Error(ProblemKind.PathEscape, list, $"line {line}", $"the name '{name}' leads out of the data set", "Names start from the folder of images and have no extension.");
            }
            else if (!seen.Add(name))
            {
                problems.Warn(ProblemKind.Duplicate, list, $"line {line}", $"the name '{name}' is there twice", "It is used once.");
            }
            else
            {
                yield return name;
            }
        }
    }

    private static (YoloImage Image, DatasetProblem? Problem) Open(string name, string labels, string images, int numbers, int classes)
    {
        string labelFile = Path.Combine(labels, name + ".txt");
        YoloLabelFile read = YoloLabelFile.Read(labelFile, numbers, classes);
        if (ImagePaths.Find(images, name) is not { } path)
        {
            return (new YoloImage(name, Path.Combine(images, name + ".jpg"), read, null), new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.MissingFile, labelFile, "", $"there is no image {Path.Combine(images, name)} with the extension .jpg, .jpeg or .png", "Add it, or remove the label file."));
        }

        try
        {
            return (new YoloImage(name, path, read, ImageHeader.ReadSize(path)), null);
        }
        catch (ImageFormatException e)
        {
            return (new YoloImage(name, path, read, null), new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.UnreadableImage, path, "", $"the image cannot be read: {e.Problem}", "Replace the file, or remove it from the data set."));
        }
    }

    private static void Require(bool exists, string path, string message)
    {
        if (!exists)
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, path, "", message, "Check its path."));
        }
    }
}
