using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>Reads the label files of a folder, in parallel; the result does not depend on the number of threads.</summary>
internal sealed class DotaFolder(string labels, string images, string? list, DatasetReadOptions options, DatasetProblems problems)
{
    /// <summary>Class names by label, once read.</summary>
    public List<string> ClassNames { get; private set; } = [];

    public ImageRecord[] Read()
    {
        Require(Directory.Exists(labels), labels, "the folder of label files does not exist");
        Require(Directory.Exists(images), images, "the folder of images does not exist");
        Require(list is null || File.Exists(list), list ?? "", "the list of names does not exist");
        string[] names = [.. DotaLabelNames.Read(labels, list, problems)];
        Source[] sources = [.. names.AsParallel().AsOrdered().Select(Open)];
        ClassNames = ClassSelection.Resolve(options.Classes, KnownClasses(sources), problems, labels);
        List<ImageRecord> records = [];
        for (int i = 0; i < names.Length; i++)
        {
            foreach (DatasetProblem problem in sources[i].Labels.Problems.Concat(sources[i].Problems))
            {
                problems.Add(problem);
            }

            if (sources[i].Problems.Count == 0)
            {
                records.Add(Record(i + 1, sources[i]));
            }
        }

        if (names.Length > 0 && !options.AllowNoAnnotations && sources.All(s => s.Labels.Objects.Count == 0 && s.Labels.Problems.Count == 0))
        {
            problems.Error(ProblemKind.NoAnnotations, list ?? labels, "", "no image has an object", "Use labels with objects: training and evaluation need them.");
        }

        return [.. records];
    }

    private static void Require(bool exists, string path, string message)
    {
        if (!exists)
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, path, "", message, "Check its path."));
        }
    }

    // Reads a label file and the size of its image.
    private Source Open(string name)
    {
        string labelFile = Path.Combine(labels, name + ".txt");
        var source = new Source(labelFile, DotaLabelFile.Read(labelFile), ImagePaths.Find(images, name) ?? Path.Combine(images, name + ".png"));
        if (!File.Exists(source.Image))
        {
            if (options.CheckImageFiles)
            {
                source.Problems.Add(new DatasetProblem(
                    ProblemSeverity.Error, ProblemKind.MissingFile, labelFile, "", $"there is no image {Path.Combine(images, name)} with the extension .jpg, .jpeg or .png", "Add it, or remove the name from the list."));
            }

            return source;
        }

        try
        {
            return source with { Size = ImageHeader.ReadSize(source.Image) };
        }
        catch (ImageFormatException e)
        {
            source.Problems.Add(new DatasetProblem(ProblemSeverity.Error, ProblemKind.UnreadableImage, source.Image, "", $"the image cannot be read: {e.Problem}", "Replace the file, or remove it from the data set."));
            return source;
        }
    }

    // A class may be missing in one list; labels must be the same in all of them. So all files count unless the classes asked for are all here.
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
            here.UnionWith(Directory.EnumerateFiles(labels, "*.txt", SearchOption.AllDirectories).AsParallel().SelectMany(f => DotaLabelFile.Read(f).Objects.Select(o => o.ClassName)));
        }

        return [.. here.Order(StringComparer.Ordinal)];
    }

    private ImageRecord Record(long id, Source source)
    {
        List<ObjectAnnotation> objects = [];
        foreach (DotaObject written in source.Labels.Objects)
        {
            int label = ClassNames.IndexOf(written.ClassName);
            if (label < 0)
            {
                // What is not asked for may be left out on purpose, as between the versions of DOTA, or misspelt in this file.
                problems.Warn(ProblemKind.UnknownClass, source.LabelFile, $"line {written.Line}", $"the class '{written.ClassName}' is not among the classes to read", $"The object is left out. {NearestName.Advice(written.ClassName, ClassNames)}");
            }
            else if (RotatedBoxRules.Apply(written, label, source.Size, options, problems, source.LabelFile) is { } annotation)
            {
                objects.Add(annotation);
            }
        }

        return new ImageRecord(id, source.Image, source.Size.Width, source.Size.Height, objects);
    }

    private sealed record Source(string LabelFile, DotaLabelFile Labels, string Image)
    {
        public (int Width, int Height) Size { get; init; }

        public List<DatasetProblem> Problems { get; } = [];
    }
}
