using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// A data set in the layout of the YOLO family: a folder of images and a folder of label files of the same names
/// (<see cref="YoloLabelFile"/>), whose classes are indices
/// into a list of names. An image without a label file has no objects. Sizes are read from the image files. Category ids are the index + 1.
/// </summary>
public sealed class YoloDataset : RecordedDataset
{
    private YoloDataset(string name, string[] classNames, long[] categoryIds, ImageRecord[] records, DatasetProblems problems)
        : base(name, classNames, categoryIds, records, problems)
    {
    }

    /// <summary>Reads label files with upright boxes.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="images">The folder of images.</param>
    /// <param name="indexed">The names that the indices of the label files mean.</param>
    /// <param name="list">A file of names, one a line, without extension. Null for all images of the folder, by name.</param>
    /// <param name="options">What to read and how strictly.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static YoloDataset Read(
        string labels, string images, IReadOnlyList<string> indexed, string? list = null, DatasetReadOptions? options = null)
    {
        options ??= new DatasetReadOptions();
        DatasetProblems problems = new(options.Strict);
        List<string> names = ClassSelection.Resolve(options.Classes, indexed, problems, labels);
        YoloImage[] sources = YoloFolder.Read(labels, images, list, YoloLabelFile.BoxNumbers, indexed.Count, options.CheckImageFiles,
            problems);
        ImageRecord[] records =
        [
            .. sources.Index().Where(s => s.Item.Size is not null).Select(s => new ImageRecord(
                s.Index + 1, s.Item.Path, s.Item.Size!.Value.Width, s.Item.Size.Value.Height,
                [.. s.Item.Labels.Objects.Select(o => Object(o, s.Item, indexed, names, labels, options, problems))
                    .OfType<ObjectAnnotation>()])),
        ];
        records = RepeatedObjects.LeaveOut(records, options, problems);
        if (sources.Length > 0 && !options.AllowNoAnnotations && problems.Errors == 0 && records.All(r => r.Objects.Count == 0))
        {
            problems.Error(ProblemKind.NoAnnotations, labels, "", "no image has an object",
                "Use labels with objects: training and evaluation need them. Label files have the names of the images, with .txt.");
        }

        List<string> order = [.. indexed];
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(labels)));
        YoloDataset dataset = new(list is null ? name : $"{name}/{Path.GetFileNameWithoutExtension(list)}", [.. names],
            [.. names.Select(n => order.IndexOf(n) + 1L)], records, problems);
        if (!options.CollectErrors)
        {
            problems.ThrowIfErrors();
        }

        return dataset;
    }

    private static ObjectAnnotation? Object(
        YoloObject written, YoloImage image, IReadOnlyList<string> indexed, List<string> names, string labels, DatasetReadOptions options,
            DatasetProblems problems)
    {
        int label = names.IndexOf(indexed[written.Class]);
        if (label < 0)
        {
            return null;
        }

        ((int width, int height), double[] n) = (image.Size!.Value, written.Numbers);
        Box box = new((float)((n[0] - (n[2] / 2)) * width), (float)((n[1] - (n[3] / 2)) * height), (float)((n[0] + (n[2] / 2)) * width),
            (float)((n[1] + (n[3] / 2)) * height));
        return BoxRules.Apply(box, width, height, options, problems, Path.Combine(labels, image.Name + ".txt"), $"line {written.Line}")
            is { } usable
            ? new ObjectAnnotation(usable, label, IsCrowd: false, usable.Area)
            : null;
    }
}
