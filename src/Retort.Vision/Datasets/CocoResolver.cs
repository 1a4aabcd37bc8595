using Retort.Core;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Imaging;

namespace Retort.Vision.Datasets;

/// <summary>Joins the three lists of a COCO file into image records, and reports what does not fit together.</summary>
internal sealed class CocoResolver
{
    private readonly string _path;
    private readonly string _imageFolder;
    private readonly CocoFile _file;
    private readonly DatasetReadOptions _options;
    private readonly DatasetProblems _problems;
    private readonly Dictionary<long, CocoCategory> _categories = [];
    private readonly Dictionary<long, int> _labels = [];
    private readonly ShareHint _shares = new();
    private readonly CornerHint _corners = new();
    private readonly SimilarFiles _similar;

    public CocoResolver(string path, string imageFolder, CocoFile file, DatasetReadOptions options, DatasetProblems problems)
    {
        (_path, _imageFolder, _file, _options, _problems) = (path, imageFolder, file, options, problems);
        _similar = new SimilarFiles(imageFolder);
        foreach (CocoCategory category in file.Categories)
        {
            if (!_categories.TryAdd(category.Id, category))
            {
                Error(ProblemKind.Duplicate, "categories",
                    $"the category id {category.Id} is there twice ('{_categories[category.Id].Name}' and '{category.Name}')",
                    "Give each category its own id.");
            }
        }

        CocoCategory[] ordered = [.. _categories.Values.OrderBy(c => c.Id)];
        ClassNames = ClassSelection.Resolve(options.Classes, [.. ordered.Select(c => c.Name)], problems, path);
        foreach (string name in ClassNames)
        {
            long id = ordered.FirstOrDefault(c => c.Name == name)?.Id ?? -1;
            _labels.TryAdd(id, CategoryIds.Count);
            CategoryIds.Add(id);
        }
    }

    /// <summary>Class names by label.</summary>
    public List<string> ClassNames { get; }

    /// <summary>Category ids by label; -1 for a wanted class that the file does not have.</summary>
    public List<long> CategoryIds { get; } = [];

    /// <summary>The images in the order of the file, with their objects.</summary>
    public ImageRecord[] Resolve()
    {
        ReportEmptiness();
        Dictionary<long, (CocoImage Image, string Path, List<ObjectAnnotation> Objects)> byId = [];
        List<long> order = [];
        foreach (CocoImage image in _file.Images)
        {
            if (byId.TryGetValue(image.Id, out var first))
            {
                Error(ProblemKind.Duplicate, $"images[{image.Index}]",
                    $"the image id {image.Id} is there twice ('{first.Image.FileName}' and '{image.FileName}')",
                    "Give each image its own id.");
            }
            else if (ImageFile(image) is { } path && Sized(image, path) is { } sized)
            {
                byId.Add(image.Id, (sized, path, []));
                order.Add(image.Id);
            }
        }

        HashSet<long> annotationIds = [];
        foreach (CocoAnnotation annotation in _file.Annotations)
        {
            if (annotation.Id is { } id && !annotationIds.Add(id))
            {
                Warn(ProblemKind.Duplicate, annotation.Place, "the annotation id is there twice",
                    "Both are kept; number the annotations anew.");
            }

            _shares.Add(annotation.X, annotation.Y, annotation.X + annotation.Width, annotation.Y + annotation.Height);
            if (!byId.TryGetValue(annotation.ImageId, out var target))
            {
                Error(ProblemKind.UnknownImage, annotation.Place, $"there is no usable image with the id {annotation.ImageId}",
                    "Add the image, or delete the annotation.");
            }
            else
            {
                _corners.Add(annotation, target.Image);
                if (Object(annotation, target.Image) is { } resolved)
                {
                    target.Objects.Add(resolved);
                }
            }
        }

        _shares.Report(_problems, _path);
        _corners.Report(_problems, _path);
        return [.. order.Select(id => byId[id])
            .Select(e => new ImageRecord(e.Image.Id, e.Path, e.Image.Width, e.Image.Height, [.. e.Objects]))];
    }

    private ObjectAnnotation? Object(in CocoAnnotation annotation, CocoImage image)
    {
        if (!_categories.ContainsKey(annotation.CategoryId))
        {
            string known = string.Join(", ", _categories.Keys.Order().Take(30));
            Error(ProblemKind.UnknownClass, annotation.Place, $"the category id {annotation.CategoryId} is not among the file's categories",
                $"Known ids: {known}{(_categories.Count > 30 ? ", ..." : "")}. Add the category, or correct the id.");
            return null;
        }

        if (!_labels.TryGetValue(annotation.CategoryId, out int label))
        {
            return null;
        }

        Box written = new((float)annotation.X, (float)annotation.Y, (float)(annotation.X + annotation.Width),
            (float)(annotation.Y + annotation.Height));
        if (BoxRules.Apply(written, image.Width, image.Height, _options, _problems, _path, annotation.Place) is not { } box)
        {
            return null;
        }

        double area = double.IsNaN(annotation.Area) ? annotation.Width * annotation.Height : annotation.Area;
        return new ObjectAnnotation(box, label, annotation.IsCrowd && !annotation.Difficult, area, annotation.Difficult);
    }

    // Some tools write no size, or 0 or -1.
    private CocoImage? Sized(CocoImage image, string path)
    {
        if (image.Width > 0)
        {
            return image;
        }

        try
        {
            (int width, int height) = ImageHeader.ReadSize(path);
            return image with { Width = width, Height = height };
        }
        catch (RetortException e)
        {
            string problem = e is ImageFormatException format ? format.Problem : e.Message;
            Error(
                ProblemKind.BrokenRecord, $"images[{image.Index}] (id {image.Id})",
                    $"the record has no `width` and `height` above 0, and the size cannot be read from {path}: {problem}",
                "Add the size to the record, or the image to the folder.");
            return null;
        }
    }

    private string? ImageFile(CocoImage image)
    {
        string place = $"images[{image.Index}] (id {image.Id})";
        if (ImagePaths.Within(_imageFolder, image.FileName) is not { } path)
        {
            Error(ProblemKind.PathEscape, place,
                $"the file name '{image.FileName}' is empty or leads out of the image folder {_imageFolder}",
                "File names must be relative and stay within the folder.");
            return null;
        }

        if (_options.CheckImageFiles && !File.Exists(path))
        {
            Error(ProblemKind.MissingFile, place, $"the image {path} does not exist", _similar.Find(image.FileName) is { } there
                ? $"There is '{there}', whose name looks the same; write it in the record, or rename the file."
                : "Check the image folder, or remove the record.");
        }

        return path;
    }

    private void ReportEmptiness()
    {
        if (_file.Images.Count == 0)
        {
            Error(ProblemKind.EmptySplit, "images", "there is no image", "Check that this is the right file.");
        }
        else if (_file.Annotations.Count == 0 && !_options.AllowNoAnnotations)
        {
            Error(ProblemKind.NoAnnotations, "annotations", "there is no annotation",
                "Use a file with annotations: training and evaluation need them ('retort predict --image-info' does not).");
        }
    }

    private void Error(ProblemKind kind, string place, string message, string remedy) =>
        _problems.Error(kind, _path, place, message, remedy);

    private void Warn(ProblemKind kind, string place, string message, string remedy) => _problems.Warn(kind, _path, place, message, remedy);
}
