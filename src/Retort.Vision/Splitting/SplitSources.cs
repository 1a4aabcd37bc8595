using Retort.Vision.Datasets;

namespace Retort.Vision.Splitting;

/// <summary>The images of a folder with their objects.</summary>
internal static class SplitSources
{
    private static readonly string[] ImageExtensions = [".jpg", ".jpeg", ".png"];

    /// <summary>Lists the images by name and reads their label files, in parallel; what is wrong goes to <paramref name="problems"/>.</summary>
    /// <exception cref="DatasetException">A folder does not exist.</exception>
    public static (string Image, List<DotaObject> Objects)[] Read(string images, string? labels, DatasetProblems problems)
    {
        Require(images);
        string[] files =
        [
            .. Directory.EnumerateFiles(images).Where(f => ImageExtensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal),
        ];
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

    private static void Require(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, folder, "", "the folder does not exist", "Check its path."));
        }
    }
}
