using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// Images with label files in the format of DOTA, one beside each: rotated boxes, in the angle convention of the options, and the
/// horizontal ones that enclose them. The images' sizes are read from the image files, because the label files have none.
/// <para>Labels are by class name in alphabetical order unless the classes are given, as for DOTA itself; category ids are label +
/// 1.</para>
/// </summary>
public sealed class DotaDataset : RecordedDataset
{
    private DotaDataset(string name, string[] classNames, ImageRecord[] records, DatasetProblems problems)
        : base(name, classNames, [.. Enumerable.Range(1, classNames.Length).Select(i => (long)i)], records, problems)
    {
    }

    /// <summary>Reads label files.</summary>
    /// <param name="labels">The folder of label files.</param>
    /// <param name="images">The folder of images; they have the label files' names.</param>
    /// <param name="list">A file of names, one a line, without extension; folders may stand before them. Null for all label files of the
    /// folder, by name.</param>
    /// <param name="options">What to read and how strictly.</param>
    /// <exception cref="DatasetException">The data set cannot be used.</exception>
    public static DotaDataset Read(string labels, string images, string? list = null, DatasetReadOptions? options = null)
    {
        options ??= new DatasetReadOptions();
        DatasetProblems problems = new(options.Strict);
        DotaFolder reader = new(labels, images, list, options, problems);
        ImageRecord[] records = RepeatedObjects.LeaveOut(reader.Read(), options, problems);
        string folder = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(labels)));
        string name = list is null ? folder : $"{folder}/{Path.GetFileNameWithoutExtension(list)}";
        DotaDataset dataset = new(name, [.. reader.ClassNames], records, problems);
        if (!options.CollectErrors)
        {
            problems.ThrowIfErrors();
        }

        return dataset;
    }
}
