namespace Retort.Vision.Datasets;

/// <summary>The unit of an angle.</summary>
public enum AngleUnit
{
    /// <summary>A full turn is 2 pi.</summary>
    Radians,

    /// <summary>A full turn is 360.</summary>
    Degrees,
}

/// <summary>
/// Files like COCO's whose <c>bbox</c> is <c>[cx, cy, w, h, angle]</c> as label files of DOTA: centre and sides in pixels, the angle of the
/// side w, with the clock on the screen. No program reads such a file as COCO's own, and those that write it do not agree on the unit of
/// the angle.
/// </summary>
public sealed class RotatedCocoConverter
{
    // A little more than a turn is rounding.
    private const double LargestTurn = 1.001;

    private readonly string _path;
    private readonly AngleUnit _unit;
    private readonly DatasetProblems _problems;
    private readonly CocoFile _file;

    private RotatedCocoConverter(string path, AngleUnit unit, DatasetProblems problems)
    {
        (_path, _unit, _problems) = (path, unit, problems);
        _file = CocoFileReader.Read(path, problems, CocoFileReader.RotatedNumbers);
    }

    private double Turn => _unit == AngleUnit.Radians ? 2 * Math.PI : 360;

    /// <summary>What the label files of DOTA are to say, one for every image of the file, in its order.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="unit">The unit of its angles.</param>
    /// <param name="problems">What was found is added; warnings do not stop the conversion.</param>
    /// <exception cref="DatasetException">The file, or something in it, cannot be used; the first error is named with its
    /// place.</exception>
    public static IReadOnlyList<DotaLabels> ToDota(string path, AngleUnit unit, DatasetProblems? problems = null)
    {
        problems ??= new DatasetProblems();
        RotatedCocoConverter converter = new(path, unit, problems);
        IReadOnlyList<DotaLabels> labels = converter.Convert();
        problems.ThrowIfErrors();
        return labels;
    }

    private List<DotaLabels> Convert()
    {
        Dictionary<long, string> classes = [];
        foreach (CocoCategory category in _file.Categories.Where(c => !classes.TryAdd(c.Id, c.Name)))
        {
            Error(ProblemKind.Duplicate, "categories",
                $"the category id {category.Id} is there twice ('{classes[category.Id]}' and '{category.Name}')",
                "Give each category its own id.");
        }

        DotaWriter.CheckNames(classes.Values, _path, _problems);
        (List<DotaLabels> labels, Dictionary<long, List<DotaObject>> objects) = Images();
        foreach (CocoAnnotation annotation in _file.Annotations)
        {
            if (!objects.TryGetValue(annotation.ImageId, out List<DotaObject>? target))
            {
                Error(ProblemKind.UnknownImage, annotation.Place, $"there is no usable image with the id {annotation.ImageId}",
                    "Add the image, or delete the annotation.");
            }
            else if (!classes.TryGetValue(annotation.CategoryId, out string? name))
            {
                Error(ProblemKind.UnknownClass, annotation.Place,
                    $"the category id {annotation.CategoryId} is not among the file's categories", "Add the category, or correct the id.");
            }
            else if (Corners(annotation) is { } polygon)
            {
                target.Add(new DotaObject(polygon, name, annotation.IsCrowd || annotation.Difficult ? 1 : 0, annotation.Index + 1));
            }
        }

        CheckWhole();
        return labels;
    }

    private (List<DotaLabels> Labels, Dictionary<long, List<DotaObject>> Objects) Images()
    {
        List<DotaLabels> labels = [];
        Dictionary<long, List<DotaObject>> objects = [];
        HashSet<string> names = [];
        foreach (CocoImage image in _file.Images)
        {
            string place = $"images[{image.Index}] (id {image.Id})";
            if (Name(image.FileName) is not { } name)
            {
                Error(ProblemKind.PathEscape, place, $"the file name '{image.FileName}' is empty or leads out of the folder",
                    "File names must be relative and stay within the folder of images.");
            }
            else if (!names.Add(name))
            {
                Error(ProblemKind.Duplicate, place, $"a second image is called '{name}' without its extension",
                    "DOTA's label files are named by that; rename one of them.");
            }
            else if (!objects.TryAdd(image.Id, []))
            {
                Error(ProblemKind.Duplicate, place, $"the image id {image.Id} is there twice", "Give each image its own id.");
            }
            else
            {
                labels.Add(new DotaLabels(name, objects[image.Id]));
            }
        }

        return (labels, objects);
    }

    // The name below the folder of images, without extension and without '..'; null where it leads out of it.
    private static string? Name(string file)
    {
        string root = Path.GetFullPath(".");
        return ImagePaths.Within(root, file) is { } path && Path.ChangeExtension(Path.GetRelativePath(root, path), null) is { } name
            && Path.GetFileName(name).Length > 0 ? name : null;
    }

    // From the corner left above the centre, with the clock, as if the box were not turned.
    private double[]? Corners(in CocoAnnotation box)
    {
        if (box.Width is not > 0 || box.Height is not > 0)
        {
            Error(ProblemKind.EmptyBox, box.Place,
                FormattableString.Invariant($"the box is {box.Width} wide and {box.Height} high; both must be above 0"),
                "Correct or delete it.");
            return null;
        }

        if (!(Math.Abs(box.Angle) <= LargestTurn * Turn))
        {
            string advice = _unit == AngleUnit.Radians ? "Correct it, or say that the file's angles are in degrees (--angle-unit degrees)."
                : "Correct or delete it.";
            Error(ProblemKind.BadNumber, box.Place,
                FormattableString.Invariant($"the angle {box.Angle} is more than a full turn in {_unit.ToString().ToLowerInvariant()}"),
                advice);
            return null;
        }

        (double sin, double cos) = Math.SinCos(box.Angle / Turn * 2 * Math.PI);
        (double x, double y, double w, double h) = (box.X, box.Y, box.Width / 2, box.Height / 2);
        double[] corners = [.. new[] { (-w, -h), (w, -h), (w, h), (-w, h) }.SelectMany(
            c => new[] { x + (c.Item1 * cos) - (c.Item2 * sin), y + (c.Item1 * sin) + (c.Item2 * cos) })];
        if (!corners.All(c => float.IsFinite((float)c)))
        {
            Error(ProblemKind.BadNumber, box.Place, "a corner of the box is not a finite number", "Correct or delete it.");
            return null;
        }

        return corners;
    }

    private void CheckWhole()
    {
        if (_file.Images.Count == 0 && _problems.Errors == 0)
        {
            Error(ProblemKind.EmptySplit, "images", "there is no image", "Check that this is the right file.");
        }
        else if (_file.Annotations.Count == 0 && _problems.Errors == 0)
        {
            Error(ProblemKind.NoAnnotations, "annotations", "there is no annotation", "Use a file with annotations.");
        }

        double largest = _file.Annotations.Select(a => Math.Abs(a.Angle)).DefaultIfEmpty().Max();
        if (_unit == AngleUnit.Degrees && largest > 0 && largest <= 2 * Math.PI)
        {
            _problems.Warn(
                ProblemKind.BadNumber, _path, "annotations",
                    FormattableString.Invariant($"no angle is above {largest} degrees, so that no box is turned to speak of"),
                "If they are in radians, say so by --angle-unit radians.");
        }
    }

    private void Error(ProblemKind kind, string place, string message, string remedy) =>
        _problems.Error(kind, _path, place, message, remedy);
}
