using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>Reads the files of one split of a VOC folder, in parallel; the result does not depend on the number of threads.</summary>
internal sealed class VocSplit
{
    private readonly IReadOnlyList<(long Id, string Name)>? _categories;
    private readonly string _root;
    private readonly bool _isList;
    private readonly string _annotationFolder;
    private readonly string _imageFolder;
    private readonly string _splitFile;
    private readonly DatasetReadOptions _options;
    private readonly DatasetProblems _problems;

    public VocSplit(string root, string split, DatasetReadOptions options, DatasetProblems problems)
    {
        _categories = VocCategories.Read(root);
        VocPlaces places = VocPlaces.Of(root, split);
        (_root, _annotationFolder, _imageFolder, _splitFile, _isList) =
            (root, places.Annotations, places.Images, places.Split, places.IsList);
        (_options, _problems) = (options, problems);
    }

    /// <summary>Class names by label, once read.</summary>
    public List<string> ClassNames { get; private set; } = [];

    /// <summary>Category ids by label, once read: those of <c>categories.txt</c>, otherwise label + 1.</summary>
    public IEnumerable<long> CategoryIds =>
        ClassNames.Select((name, label) => _categories is null ? label + 1L
        : _categories.FirstOrDefault(c => c.Name == name, (-1, name)).Id);

    public ImageRecord[] Read()
    {
        RequireLayout();
        string[] names = Names();
        VocAnnotation[] files = [.. names.AsParallel().AsOrdered().Select(name => VocAnnotation.Read(AnnotationFile(name)))];
        ClassNames = ClassSelection.Resolve(_options.Classes, KnownClasses(files), _problems, _annotationFolder);
        bool ownIds = files.Length > 0 && files.All(f => f.ImageId is not null) && files.DistinctBy(f => f.ImageId).Count() == files.Length;
        List<ImageRecord> records = [];
        ShareHint shares = new();
        for (int i = 0; i < names.Length; i++)
        {
            foreach (DatasetProblem problem in files[i].Problems)
            {
                _problems.Add(problem);
            }

            foreach (Box box in files[i].Objects.Select(o => o.Box))
            {
                shares.Add(box.X1 + 1d, box.Y1 + 1d, box.X2 + 1d, box.Y2 + 1d);
            }

            if (Record(ownIds ? files[i].ImageId!.Value : i + 1, names[i], files[i]) is { } record)
            {
                records.Add(record);
            }
        }

        shares.Report(_problems, _annotationFolder);
        ImagePaths.WarnOfSameNames(_imageFolder, names, _problems);
        if (names.Length > 0 && !_options.AllowNoAnnotations && files.All(f => f.Objects.Count == 0 && f.Problems.Count == 0))
        {
            _problems.Error(ProblemKind.NoAnnotations, _splitFile, "", "no image of the split has an object",
                "Use a split with annotations: training and evaluation need them.");
        }

        return [.. records];
    }

    private void RequireLayout()
    {
        foreach (string folder in new[] { _annotationFolder, _imageFolder })
        {
            if (!Directory.Exists(folder))
            {
                throw Missing(folder, "the folder does not exist",
                    "A VOC data set has the folders JPEGImages, Annotations and ImageSets/Main.");
            }
        }

        if (_isList && !File.Exists(_splitFile))
        {
            string folder = Path.GetDirectoryName(_splitFile)!;
            string[] known = Directory.Exists(folder)
                ? [.. UserFiles.List(folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)] : [];
            throw Missing(_splitFile, "there is no such split", known.Length > 0
                ? NearestName.Advice(Path.GetFileNameWithoutExtension(_splitFile), known)
                : $"Divide the images with 'retort dataset divide {_root}', which writes ImageSets/Main/train.txt and val.txt.");
        }
    }

    private string[] Names()
    {
        string[] names = _isList
            ? [.. NameList.Read(_splitFile, _annotationFolder, _problems,
                name => File.Exists(FolderPlaces.WithExtensionAsWritten(AnnotationFile(name))), _imageFolder)]
            : [.. LabelNames.Below(_annotationFolder, ".xml")];
        if (names.Length == 0)
        {
            _problems.Error(ProblemKind.EmptySplit, _splitFile, "", "the split names no image",
                "Write one name a line, without the extension.");
        }

        return names;
    }

    // A class may be missing in one split; labels must be the same in all of them. So all files count unless the classes asked for are all
    // here.
    private List<string> KnownClasses(VocAnnotation[] files)
    {
        if (_categories is not null)
        {
            return [.. _categories.Select(c => c.Name)];
        }

        HashSet<string> here = [.. files.SelectMany(f => f.Objects).Select(o => o.ClassName)];
        if (_options.Classes is null || !_options.Classes.All(here.Contains))
        {
            here.UnionWith(FolderPlaces.LabelFiles(_isList ? _annotationFolder : _root, ".xml").AsParallel()
                .SelectMany(f => VocAnnotation.Read(f).Objects.Select(o => o.ClassName)));
        }

        return [.. here.Order(StringComparer.Ordinal)];
    }

    private ImageRecord? Record(long id, string name, VocAnnotation file)
    {
        string? image = ImagePaths.Find(_imageFolder, name);
        if (image is null && _options.CheckImageFiles)
        {
            _problems.Error(ProblemKind.MissingFile, AnnotationFile(name), "",
                $"there is no image {Path.Combine(_imageFolder, name)} with the extension .jpg, .jpeg or .png",
                "Add it, or remove the name from the split.");
        }

        (int Width, int Height)? size = file.Width > 0 && file.Height > 0 ? (file.Width, file.Height)
            : image is null || file.Problems.Count > 0 ? null : MeasuredSize(image);
        if (size is null)
        {
            // A file that could not be parsed has said so already.
            if (file.Problems.Count == 0)
            {
                _problems.Error(ProblemKind.BrokenRecord, AnnotationFile(name), "",
                    "<size> needs width and height above 0, and the size cannot be read from the image", "Write the size of the image.");
            }

            return null;
        }

        List<ObjectAnnotation> objects =
            [.. file.Objects.Select(o => Object(o, size.Value, AnnotationFile(name))).OfType<ObjectAnnotation>()];
        return new ImageRecord(id, image ?? Path.Combine(_imageFolder, name + ".jpg"), size.Value.Width, size.Value.Height, objects);
    }

    private static (int Width, int Height)? MeasuredSize(string image)
    {
        try
        {
            return ImageHeader.ReadSize(image);
        }
        catch (ImageFormatException)
        {
            return null;
        }
    }

    private ObjectAnnotation? Object(VocObject written, (int Width, int Height) size, string path)
    {
        int label = ClassNames.IndexOf(written.ClassName);
        if (label < 0)
        {
            // VOC has no list of classes: what is not asked for may be left out on purpose, or misspelt in this file.
            _problems.Warn(ProblemKind.UnknownClass, path, written.Place,
                $"the class '{written.ClassName}' is not among the classes to read",
                $"The object is left out. {NearestName.Advice(written.ClassName, ClassNames)}");
            return null;
        }

        return BoxRules.Apply(written.Box, size.Width, size.Height, _options, _problems, path, written.Place) is { } box
            ? new ObjectAnnotation(box, label, written.Crowd, written.Area ?? box.Area, written.Difficult)
            : null;
    }

    private string AnnotationFile(string name) => Path.Combine(_annotationFolder, name + ".xml");

    private static DatasetException Missing(string path, string message, string remedy) =>
        new(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, path, "", message, remedy));
}
