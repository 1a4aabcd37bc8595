using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// A data set in the layout of PASCAL VOC: <c>JPEGImages</c>, <c>Annotations/NAME.xml</c> and <c>ImageSets/Main/SPLIT.txt</c>.
/// <para>
/// VOC counts pixels from 1. One is taken from all four coordinates, as the established toolboxes and the authors' code do, so
/// box = (xmin - 1, ymin - 1, xmax - 1, ymax - 1) and the width is xmax - xmin, although VOC's last pixel is inclusive. Fractions of a
/// pixel are kept.
/// </para>
/// Labels are by class name in alphabetical order (VOC's own order) over all annotations of the folder, so that all splits agree; category
/// ids are label + 1. A folder that <see cref="VocWriter"/> wrote has both in <c>categories.txt</c>, and the ids of its images in the
/// annotations.
/// </summary>
public sealed class VocDataset : RecordedDataset
{
    private VocDataset(string name, string[] classNames, long[] categoryIds, ImageRecord[] records, DatasetProblems problems)
        : base(name, classNames, categoryIds, records, problems)
    {
    }

    /// <summary>Reads one split.</summary>
    /// <param name="root">The folder with <c>JPEGImages</c>, <c>Annotations</c> and <c>ImageSets</c>.</param>
    /// <param name="split">The name of a file in <c>ImageSets/Main</c> without <c>.txt</c>, such as <c>trainval</c>.</param>
    /// <param name="options">What to read and how strictly.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static VocDataset Read(string root, string split, DatasetReadOptions? options = null)
    {
        options ??= new DatasetReadOptions();
        DatasetProblems problems = new(options.Strict);
        VocSplit reader = new(root, split, options, problems);
        ImageRecord[] records = RepeatedObjects.LeaveOut(reader.Read(), options, problems);
        string name = $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))}/{split}";
        VocDataset dataset = new(name, [.. reader.ClassNames], [.. reader.CategoryIds], records, problems);
        if (!options.CollectErrors)
        {
            problems.ThrowIfErrors();
        }

        return dataset;
    }
}
