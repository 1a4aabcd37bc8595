using Retort.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Datasets;

namespace Retort.Training.Data;

/// <summary>Reads the data sets that a recipe names.</summary>
public static class RecipeDatasets
{
    /// <summary>
    /// A part of a recipe's data as training uses it: joined, chosen and repeated as the recipe says, boxes clipped to the images.
    /// </summary>
    /// <param name="data">Format, root and classes.</param>
    /// <param name="part">The part.</param>
    /// <param name="classes">Names of the network's classes in order; null takes those of the recipe or of the annotations.</param>
    /// <param name="warn">Told what was repaired or left out while reading, a line each.</param>
    /// <exception cref="DatasetException">The data set cannot be used; the message names file, place and remedy.</exception>
    public static IDetectionDataset Open(
        DataOptions data, DatasetOptions part, IReadOnlyList<string>? classes = null, Action<string>? warn = null) =>
        Open(data, part, classes, warn, new DatasetReadOptions());

    /// <summary>The same for measuring: boxes are those of the file, as the reference evaluations take them.</summary>
    /// <inheritdoc cref="Open(DataOptions, DatasetOptions, IReadOnlyList{string}?, Action{string}?)"/>
    public static IDetectionDataset OpenForMeasuring(
        DataOptions data, DatasetOptions part, IReadOnlyList<string>? classes = null, Action<string>? warn = null) =>
        Open(data, part, classes, warn, new DatasetReadOptions { BoxesAsWritten = true, KeepEmptyBoxes = data.Format == DataFormat.Coco });

    /// <summary>The whole data set that a part of a recipe's data is taken from.</summary>
    /// <param name="data">Format, root and classes.</param>
    /// <param name="part">The part; its subset and its repetition are not applied.</param>
    /// <param name="options">How strictly to read; its classes are replaced by those of <paramref name="data"/>.</param>
    /// <returns>The data set, and what was found while reading it.</returns>
    /// <exception cref="DatasetException">The data set cannot be used; the message names file, place and remedy.</exception>
    public static (IDetectionDataset Dataset, DatasetProblems Problems) Read(
        DataOptions data, DatasetOptions part, DatasetReadOptions options)
    {
        RequireRoot(data.Root);
        options = options with
        {
            Classes = data.Classes.Count > 0 ? data.Classes
            : null,
            Angles = data.Angles,
            MaximumDifficulty = data.MaximumDifficulty
        };
        RecordedDataset[] sources = [.. part.Sources.Select(source => Read(data, source, options))];
        if (sources.Length == 1)
        {
            return (sources[0], sources[0].Problems);
        }

        var problems = new DatasetProblems(options.Strict);
        foreach (RecordedDataset source in sources)
        {
            problems.Add(source.Problems);
        }

        return (new ConcatDataset(sources), problems);
    }

    // Of many files that are missing the folder is the cause, and no reader of one format knows where it came from.
    private static void RequireRoot(string root)
    {
        if (root.Length > 0 && !Directory.Exists(root))
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.MissingFile, root, "",
                    "the folder of the data ('data.root' of the recipe) does not exist",
                "Name the data set's folder by --set data.root=FOLDER or, for recipes that come with Retort, the folder of all data sets "
                    + "by the environment variable RETORT_DATA; "
                + "docs/data.md says where the data sets come from."));
        }
    }

    /// <summary>What a part of a recipe's data takes of its whole data set: its subset, repeated.</summary>
    /// <param name="all">The whole data set.</param>
    /// <param name="part">The part.</param>
    public static IDetectionDataset Choose(IDetectionDataset all, DatasetOptions part)
    {
        IDetectionDataset chosen = part.Subset is { } count ? SubsetDataset.First(all, count) : all;
        return part.Repeat > 1 ? new RepeatDataset(chosen, part.Repeat) : chosen;
    }

    private static RecordedDataset Read(DataOptions data, DataSourceOptions source, DatasetReadOptions options) => data.Format switch
    {
        DataFormat.Coco => CocoDataset.Read(data.Locate(source, source.Annotations!), data.Locate(source, source.Images!), options),
        DataFormat.Voc => VocDataset.Read(data.Locate(source), source.Split!, options),
        DataFormat.Dota => DotaDataset.Read(
            data.Locate(source, source.Annotations!), data.Locate(source, source.Images!), source.Split is { } list
                ? data.Locate(source, list) : null, options),
        DataFormat.Yolo => YoloDataset.Read(
            data.Locate(source, source.Annotations!), data.Locate(source, source.Images!), IndexedClasses(data, source),
                source.Split is { } names ? data.Locate(source, names) : null, options),
        _ => throw new ArgumentOutOfRangeException(nameof(data), data.Format, "unknown format"),
    };

    // What the indices mean is decided by the data set's own file, whatever order the network has.
    private static IReadOnlyList<string> IndexedClasses(DataOptions data, DataSourceOptions source) =>
        (ClassNameFile.FindIn(data.Locate(source)) ?? ClassNameFile.FindIn(data.Locate(new DataSourceOptions()))
            ?? ClassNameFile.FindIn(data.Locate(source, source.Annotations!))) is { } file ? ClassNameFile.Read(file)
        : data.Classes.Count > 0 ? data.Classes
        : throw new RecipeException(
            $"{data.Locate(source)}: label files of YOLO have indices of classes, and nothing says what they mean;"
                + " put data.yaml (with 'names') or classes.txt (one name a line) there, or give data.classes in the order of the indices");

    private static IDetectionDataset Open(
        DataOptions data, DatasetOptions part, IReadOnlyList<string>? classes, Action<string>? warn, DatasetReadOptions options)
    {
        (IDetectionDataset all, DatasetProblems problems) = Read(classes is null ? data : data with { Classes = classes }, part, options);
        foreach (string line in problems.Lines())
        {
            warn?.Invoke(line);
        }

        return Choose(all, part);
    }
}
