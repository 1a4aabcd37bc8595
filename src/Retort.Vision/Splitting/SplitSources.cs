using Retort.Vision.Datasets;

namespace Retort.Vision.Splitting;

/// <summary>The images of a folder with their objects.</summary>
public static class SplitSources
{
    private static readonly string[] ImageExtensions = [".jpg", ".jpeg", ".png"];

    /// <summary>Number of images in a folder; 0 where there is no such folder.</summary>
    public static int Count(string images) => Directory.Exists(images) ? Files(images).Count() : 0;

    /// <summary>Lists the images by name and reads their label files, in parallel; what is wrong goes to <paramref name="problems"/>.</summary>
    /// <exception cref="DatasetException">A folder does not exist.</exception>
    internal static (string Image, List<DotaObject> Objects)[] Read(string images, string? labels, DatasetProblems problems)
    {
        Require(images);
        string[] files = [.. Files(images).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            problems.Error(ProblemKind.EmptySplit, images, "", "the folder has no image", $"Name a folder of {string.Join(", ", ImageExtensions)} files.");
        }

        foreach (IGrouping<string, string> twice in files.GroupBy(Path.GetFileNameWithoutExtension).Where(g => g.Count() > 1)!)
        {
            problems.Error(ProblemKind.Duplicate, images, "", $"several images are named '{twice.Key}'", "Their windows would have the same names: rename one.");
        }

        if (labels is null)
        {
            return [.. files.Select(f => (f, new List<DotaObject>()))];
        }

        Require(labels);
        DotaLabelFile[] read = [.. files.AsParallel().AsOrdered().Select(f => DotaLabelFile.Read(Path.Combine(labels, Path.GetFileNameWithoutExtension(f) + ".txt")))];
        foreach (DatasetProblem problem in read.SelectMany(f => f.Problems))
        {
            problems.Add(problem);
        }

        return [.. files.Zip(read, (image, file) => (image, file.Objects))];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder).Where(f => ImageExtensions.Contains(Path.GetExtension(f).ToLowerInvariant()));

    private static void Require(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, folder, "", "the folder does not exist", "Check its path."));
        }
    }
}
