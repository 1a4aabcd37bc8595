using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>Reads the label files of a folder, in parallel; the result does not depend on the number of threads.</summary>
internal sealed class DotaFolder(string labels, string images, string? list, DatasetReadOptions options, DatasetProblems problems)
{
    /// <summary>Class names by label, once read.</summary>
    public List<string> ClassNames { get; private set; } = [];

    public ImageRecord[] Read()
    {
        FolderPlaces.Require(labels, images, list);
        string[] names = [.. LabelNames.Read(labels, list, problems)];
        Source[] sources = [.. names.AsParallel().AsOrdered().Select(Open)];
        ClassNames = ClassSelection.Resolve(options.Classes, KnownClasses(sources), problems, labels);
        List<ImageRecord> records = [];
        ShareHint shares = new();
        for (int i = 0; i < names.Length; i++)
        {
            foreach (DatasetProblem problem
                in sources[i].Labels.Problems.Concat(new[] { sources[i].Image.Problem }.OfType<DatasetProblem>()))
            {
                problems.Add(problem);
            }

            foreach (DotaObject item in sources[i].Labels.Objects)
            {
                shares.Add(item.Polygon);
            }

            if (sources[i].Image.Problem is null)
            {
                records.Add(Record(i + 1, sources[i]));
            }
        }

        shares.Report(problems, labels);
        ImagePaths.WarnOfSameNames(images, names, problems);
        if (names.Length > 0 && !options.AllowNoAnnotations
            && sources.All(s => s.Labels.Objects.Count == 0 && s.Labels.Problems.Count == 0))
        {
            problems.Error(ProblemKind.NoAnnotations, list ?? labels, "", "no image has an object",
                "Use labels with objects: training and evaluation need them.");
        }

        return [.. records];
    }

    // Reads a label file and the size of its image.
    private Source Open(string name)
    {
        string labelFile = Path.Combine(labels, name + ".txt");
        var image = LabelledImage.Find(images, name, labelFile);
        DatasetProblem? problem = image.Problem?.Kind == ProblemKind.MissingFile && !options.CheckImageFiles ? null : image.Problem;
        return new Source(labelFile, DotaLabelFile.Read(labelFile), image with { Problem = problem });
    }

    // A class may be missing in one list; labels must be the same in all of them. So all files count unless the classes asked for are all
    // here.
    private List<string> KnownClasses(Source[] sources)
    {
        HashSet<string> here = [.. sources.SelectMany(s => s.Labels.Objects).Select(o => o.ClassName)];
        if (options.Classes is not null)
        {
            // DOTA's parts need not have an object of each class: a name that was asked for is known.
            here.UnionWith(options.Classes);
        }
        else if (list is not null)
        {
            here.UnionWith(FolderPlaces.LabelFiles(labels).AsParallel().SelectMany(
                f => DotaLabelFile.Read(f).Objects.Select(o => o.ClassName)));
        }

        return [.. here.Order(StringComparer.Ordinal)];
    }

    private ImageRecord Record(long id, Source source)
    {
        (int Width, int Height) size = source.Image.Size ?? default;
        List<ObjectAnnotation> objects = [];
        foreach (DotaObject written in source.Labels.Objects)
        {
            int label = ClassNames.IndexOf(written.ClassName);
            if (label < 0)
            {
                // What is not asked for may be left out on purpose, as between the versions of DOTA, or misspelt in this file.
                problems.Warn(ProblemKind.UnknownClass, source.LabelFile, $"line {written.Line}",
                    $"the class '{written.ClassName}' is not among the classes to read",
                    $"The object is left out. {NearestName.Advice(written.ClassName, ClassNames)}");
            }
            else if (RotatedBoxRules.Apply(written, label, size, options, problems, source.LabelFile) is { } annotation)
            {
                objects.Add(annotation);
            }
        }

        return new ImageRecord(id, source.Image.Path, size.Width, size.Height, objects);
    }

    private sealed record Source(string LabelFile, DotaLabelFile Labels, LabelledImage Image);
}
