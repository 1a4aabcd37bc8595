using Retort.Core.Geometry;
using Retort.Evaluation.Dota;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Training.Evaluating;

/// <summary>True objects with rotated boxes.</summary>
/// <param name="ImageNames">Image names without extension, by index of the image.</param>
/// <param name="ClassNames">Class names by label.</param>
/// <param name="Objects">The objects.</param>
public sealed record RotatedTruth(IReadOnlyList<string> ImageNames, IReadOnlyList<string> ClassNames, DotaObjects Objects)
{
    /// <summary>
    /// The objects of a data set, as rectangles: what a detector was trained on. Those without a rotated box are measured by their
    /// horizontal one.
    /// </summary>
    public static RotatedTruth Of(IDetectionDataset data)
    {
        (int Image, ObjectAnnotation Object)[] all =
            [.. Enumerable.Range(0, data.Count).SelectMany(i => data[i].Objects.Select(o => (i, o)))];
        return new RotatedTruth([.. Enumerable.Range(0, data.Count).Select(i => Path.GetFileNameWithoutExtension(data[i].Path))],
            data.ClassNames, new DotaObjects
            {
                Images = [.. all.Select(e => e.Image)],
                Classes = [.. all.Select(e => e.Object.Label)],
                Polygons =
                [
                    .. all.SelectMany(e => (e.Object.Rotated ?? RotatedBox.From(e.Object.Box, AngleConvention.Oc)).Corners.ToArray()),
                ],
                Difficult = [.. all.Select(e => e.Object.IsCrowd || e.Object.Difficult)],
            });
    }

    /// <summary>
    /// The objects of DOTA's label files, with the corners that are written there; difficult are those of a difficulty above 0.
    /// </summary>
    /// <param name="folder">The folder of label files, one an image.</param>
    /// <param name="list">A file of image names, one a line, of which the objects are taken; null for all label files of the
    /// folder.</param>
    /// <param name="moreClasses">Classes that are known besides those of the objects.</param>
    /// <exception cref="DatasetException">The folder has no label file, the list names none, or a file is broken.</exception>
    public static RotatedTruth Read(string folder, string? list, IEnumerable<string> moreClasses)
    {
        (string[] images, DotaLabelFile[] read) = ReadFiles(folder, list);
        (int Image, DotaObject Object)[] all = [.. read.SelectMany((file, i) => file.Objects.Select(o => (i, o)))];
        string[] classes = [.. all.Select(e => e.Object.ClassName).Concat(moreClasses).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> labels = classes.Select((name, k) => (name, k)).ToDictionary(e => e.name, e => e.k);
        return new RotatedTruth(images, classes, new DotaObjects
        {
            Images = [.. all.Select(e => e.Image)],
            Classes = [.. all.Select(e => labels[e.Object.ClassName])],
            Polygons = [.. all.SelectMany(e => e.Object.Polygon)],
            Difficult = [.. all.Select(e => e.Object.Difficulty > 0)],
        });
    }

    /// <summary>Names of the images that have a label file in a folder, without extension.</summary>
    public static IEnumerable<string> ImagesOf(string folder) => LabelNames.Below(folder).Select(name => Path.GetFileName(name));

    private static (string[] Images, DotaLabelFile[] Files) ReadFiles(string folder, string? list)
    {
        var problems = new DatasetProblems();
        if (list is not null && !File.Exists(list))
        {
            problems.Error(ProblemKind.MissingFile, list, "", "the list of names does not exist", "Check its path.");
            problems.ThrowIfErrors();
        }

        string[] names = [.. LabelNames.Read(folder, list, problems)];
        DotaLabelFile[] read = [.. names.AsParallel().AsOrdered().Select(name => DotaLabelFile.Read(Path.Combine(folder, name + ".txt")))];
        foreach (DatasetProblem problem in read.SelectMany(f => f.Problems))
        {
            problems.Add(problem);
        }

        string[] images = [.. names.Select(name => Path.GetFileName(name))];
        foreach (string twice in images.CountBy(name => name).Where(e => e.Value > 1).Select(e => e.Key))
        {
            problems.Error(
                ProblemKind.Duplicate, list
                    ?? folder, "", $"{string.Join(" and ", names.Where(name => Path.GetFileName(name) == twice))} are images of one "
                    + "name, and DOTA's result files know images by their names alone",
                "Rename all but one, or measure each folder by itself.");
        }

        problems.ThrowIfErrors();
        return (images, read);
    }
}
