using Retort.Core;
using Retort.Training.Data;
using Retort.Recipes;
using Retort.Vision.Datasets;

namespace Retort.Cli.Evaluation;

/// <summary>The true boxes that a person names for a checkpoint, in place of the evaluation data of its recipe.</summary>
/// <param name="Annotations">A JSON file of COCO's format, a VOC folder, or a folder of label files of DOTA or YOLO.</param>
/// <param name="Images">The folder of the images; a VOC folder has its own.</param>
/// <param name="Split">VOC: the list in <c>ImageSets/Main</c>; DOTA and YOLO: a file of names.</param>
internal sealed record GroundTruthSource(string Annotations, string? Images, string? Split)
{
    /// <summary>What the options name; null for none.</summary>
    /// <exception cref="RetortException">Images or a split without annotations.</exception>
    public static GroundTruthSource? From(string? annotations, string? images, string? split) =>
        annotations is not null ? new GroundTruthSource(annotations, images, split)
        : images is null && split is null ? null
        : throw new RetortException("--images and --split belong to --annotations, the true boxes; see 'retort eval --help'");

    /// <summary>A recipe's data with these boxes to measure with.</summary>
    /// <param name="data">The data of the recipe in the checkpoint.</param>
    /// <param name="rotated">Whether the detector's boxes are rotated.</param>
    /// <exception cref="RetortException">What is named is not all that the format needs.</exception>
    public DataOptions In(DataOptions data, bool rotated)
    {
        bool folder = Directory.Exists(Annotations), voc = folder
            && (Directory.Exists(Path.Combine(Annotations, "JPEGImages")) || (Images is null && Split is not null && !rotated));
        DataFormat format = voc ? DataFormat.Voc : !folder ? DataFormat.Coco : YoloFolder.IsFormatOf(Annotations) ? DataFormat.Yolo
            : DataFormat.Dota;
        Require(!rotated || format == DataFormat.Dota,
            "this detector's boxes are rotated; they are measured against a folder of DOTA's label files");
        Require(!voc || Images is null, "a VOC folder has its own images; leave --images away");
        Require(!voc || Split is not null, "a VOC folder needs --split, the list in ImageSets/Main, for instance --split test");
        Require(voc || Images is not null, "give the folder of the images by --images");
        Require(folder || Split is null, "--split is for a VOC folder or a folder of label files, and this is neither");
        return data with
        {
            Format = format,
            Root = "",
            Val = format switch
            {
                DataFormat.Voc => new DatasetOptions { Root = Annotations, Split = Split },
                DataFormat.Yolo => OfYolo(data.Root),
                _ => new DatasetOptions { Annotations = Annotations, Images = Images, Split = Split },
            },
        };
    }

    // What the indices mean stands in a file beside the label files or above them, otherwise in the recipe's data; without one they are the
    // detector's own.
    private DatasetOptions OfYolo(string dataRoot)
    {
        string labels = Path.GetFullPath(Annotations);
        IEnumerable<string> places = [labels, Path.GetDirectoryName(labels) ?? labels, Path.GetDirectoryName(Path.GetDirectoryName(labels))
            ?? labels, .. dataRoot.Length > 0 ? [Path.GetFullPath(dataRoot)] : Array.Empty<string>()];
        return new DatasetOptions
        {
            Root = places.FirstOrDefault(place => ClassNameFile.FindIn(place) is not null) ?? labels,
            Annotations = labels,
            Images = Path.GetFullPath(Images!),
            Split = Split is null ? null : Path.GetFullPath(Split),
        };
    }

    private void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new RetortException($"{Annotations}: {message}");
        }
    }
}
