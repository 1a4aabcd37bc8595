using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;

namespace Retort.Vision.Splitting;

/// <summary>The images of a folder with their objects.</summary>
public static class SplitSources
{
    /// <summary>Number of images in a folder, 1 or more.</summary>
    /// <exception cref="DatasetException">The folder does not exist, or has no image.</exception>
    public static int Count(string images) => Files(images).Length;

    /// <summary>
    /// Lists the images by name and reads their label files, in parallel; what is wrong goes to <paramref name="problems"/>.
    /// </summary>
    /// <exception cref="DatasetException">A folder does not exist, or there is no image.</exception>
    internal static (string Image, List<DotaObject> Objects)[] Read(string images, string? labels, DatasetProblems problems)
    {
        string[] files = Files(images);
        ImagePaths.WarnOfUnread(UserFiles.List(images), problems);
        SixteenBitImages.Warn(files, problems);
        foreach (IGrouping<string, string> twice in files.GroupBy(Path.GetFileNameWithoutExtension).Where(g => g.Count() > 1)!)
        {
            problems.Error(ProblemKind.Duplicate, images, "", $"several images are named '{twice.Key}'",
                "Their windows would have the same names: rename one.");
        }

        if (labels is null)
        {
            return [.. files.Select(f => (f, new List<DotaObject>()))];
        }

        FolderPlaces.Require(Directory.Exists(labels), labels, "the folder does not exist");
        DotaLabelFile[] read = [.. files.AsParallel().AsOrdered().Select(
            f => DotaLabelFile.Read(Path.Combine(labels, Path.GetFileNameWithoutExtension(f) + ".txt")))];
        foreach (DatasetProblem problem in read.SelectMany(f => f.Problems))
        {
            problems.Add(problem);
        }

        WarnOfLabels(labels, files, read, problems);
        return [.. files.Zip(read, (image, file) => (image, file.Objects))];
    }

    private static void WarnOfLabels(string labels, string[] files, DotaLabelFile[] read, DatasetProblems problems)
    {
        HashSet<string?> names = [.. files.Select(Path.GetFileNameWithoutExtension)];
        foreach (string orphan in UserFiles.List(labels, "*.txt").Where(f => !names.Contains(Path.GetFileNameWithoutExtension(f)))
            .Order(StringComparer.Ordinal))
        {
            problems.Warn(ProblemKind.UnknownImage, orphan, "", "there is no image of this name",
                "Its objects are in no window; add the image, or delete the file.");
        }

        foreach ((string image, DotaLabelFile file) in files.Zip(read))
        {
            foreach (DotaObject item in file.Objects.Where(o => Quadrilateral.From(o.Polygon).IsSelfCrossing))
            {
                problems.Warn(
                    ProblemKind.CrossingPolygon, Path.Combine(labels, Path.GetFileNameWithoutExtension(image) + ".txt"),
                        $"line {item.Line}", "the sides of the polygon cross each other",
                    "Windows are chosen by the hull of its corners, which are written as they are; check their order.");
            }
        }
    }

    // The images by name.
    private static string[] Files(string folder)
    {
        FolderPlaces.Require(Directory.Exists(folder), folder, "the folder does not exist");
        string[] files = [.. UserFiles.List(folder).Where(ImageExtensions.IsRead).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new DatasetException(new DatasetProblem(
            ProblemSeverity.Error, ProblemKind.EmptySplit, folder, "", "the folder has no image",
                $"Name a folder of {string.Join(", ", ImageExtensions.Read)} files."));
    }
}
