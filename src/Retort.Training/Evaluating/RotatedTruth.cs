using Retort.Evaluation.Dota;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Geometry;

namespace Retort.Training.Evaluating;

/// <summary>True objects with rotated boxes.</summary>
/// <param name="ImageNames">Image names without extension, by index of the image.</param>
/// <param name="ClassNames">Class names by label.</param>
/// <param name="Objects">The objects.</param>
public sealed record RotatedTruth(IReadOnlyList<string> ImageNames, IReadOnlyList<string> ClassNames, DotaObjects Objects)
{
    /// <summary>The objects of a data set, as rectangles: what a detector was trained on. Those without a rotated box are measured by their horizontal one.</summary>
    public static RotatedTruth Of(IDetectionDataset data)
    {
        (int Image, ObjectAnnotation Object)[] all = [.. Enumerable.Range(0, data.Count).SelectMany(i => data[i].Objects.Select(o => (i, o)))];
        return new RotatedTruth([.. Enumerable.Range(0, data.Count).Select(i => Path.GetFileNameWithoutExtension(data[i].Path))], data.ClassNames, new DotaObjects
        {
            Images = [.. all.Select(e => e.Image)],
            Classes = [.. all.Select(e => e.Object.Label)],
            Polygons = [.. all.SelectMany(e => (e.Object.Rotated ?? RotatedBox.From(e.Object.Box, AngleConvention.Oc)).Corners.ToArray())],
            Difficult = [.. all.Select(e => e.Object.IsCrowd || e.Object.Difficult)],
        });
    }

    /// <summary>The objects of DOTA's label files, with the corners that are written there; difficult are those of a difficulty above 0.</summary>
    /// <param name="folder">The folder of label files, one an image.</param>
    /// <param name="moreClasses">Classes that are known besides those of the objects.</param>
    /// <exception cref="DatasetException">The folder has no label file, or one is broken.</exception>
    public static RotatedTruth Read(string folder, IEnumerable<string> moreClasses)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)];
        var problems = new DatasetProblems();
        if (files.Length == 0)
        {
            problems.Error(ProblemKind.EmptySplit, folder, "", "the folder has no label file", "Name a folder of DOTA's label files, one an image.");
        }

        DotaLabelFile[] read = [.. files.AsParallel().AsOrdered().Select(DotaLabelFile.Read)];
        foreach (DatasetProblem problem in read.SelectMany(f => f.Problems))
        {
            problems.Add(problem);
        }

        problems.ThrowIfErrors();
        (int Image, DotaObject Object)[] all = [.. read.SelectMany((file, i) => file.Objects.Select(o => (i, o)))];
        string[] classes = [.. all.Select(e => e.Object.ClassName).Concat(moreClasses).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> labels = classes.Select((name, k) => (name, k)).ToDictionary(e => e.name, e => e.k);
        return new RotatedTruth([.. files.Select(f => Path.GetFileNameWithoutExtension(f))], classes, new DotaObjects
        {
            Images = [.. all.Select(e => e.Image)],
            Classes = [.. all.Select(e => labels[e.Object.ClassName])],
            Polygons = [.. all.SelectMany(e => e.Object.Polygon)],
            Difficult = [.. all.Select(e => e.Object.Difficulty > 0)],
        });
    }
}
