using System.Text.Json;
using Retort.Cli.Recipes;
using Retort.Core;
using Retort.Core.Files;
using Retort.Training.Data;
using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary>What <c>retort dataset divide</c> divides: a JSON file of COCO's, a VOC folder, or a folder of label files.</summary>
internal sealed class SplitSource
{
    private const string UsualImages = "images";

    private static readonly string[] s_labelFolders = ["labels", "labelTxt"];

    private readonly string _source;
    private readonly string? _images;
    private readonly string? _split;

    /// <summary>Finds out what it is.</summary>
    /// <param name="source">What the person named.</param>
    /// <param name="images">The folder of images, where it was named; otherwise the usual one is looked for.</param>
    /// <param name="split">The existing split to divide: a list in <c>ImageSets/Main</c> of a VOC folder, or a file of names; null for all
    /// images.</param>
    /// <exception cref="RetortException">A folder of images was named that is not there.</exception>
    /// <exception cref="RetortException">A folder of images or a split was named, which has no effect on this.</exception>
    public SplitSource(string source, string? images, string? split = null)
    {
        (_source, _split) = (source, split);
        IsCoco = File.Exists(source);
        IsVoc = !IsCoco && Directory.Exists(VocPlaces.AnnotationFolder(source));
        if (!IsCoco && !IsVoc && LabelsWithin(source) is { } labels)
        {
            throw new RetortException($"{source}: this holds folders of label files; name the one that is to be divided, such as {labels}");
        }

        IsYolo = !IsCoco && !IsVoc && Directory.Exists(source) && YoloFolder.IsFormatOf(source);
        if (images is not null && !IsYolo)
        {
            throw new RetortException("--images names the images of YOLO's label files, among which those without objects have no label "
                + $"file; {source} is something else, so omit it");
        }

        if (split is not null && IsCoco)
        {
            throw new RetortException("--split is for a VOC folder and for label files; a JSON file is one split already: name the file "
                + "that is to be divided, and omit --split");
        }

        if (images is not null && !Directory.Exists(images))
        {
            throw new RetortException($"{images}: the folder of images does not exist; check --images");
        }

        _images = images ?? (IsCoco || IsVoc ? null : YoloFolder.ImagesBeside(source));
    }

    /// <summary>Whether it is a JSON file of COCO's format.</summary>
    public bool IsCoco { get; }

    /// <summary>Whether it is a VOC folder.</summary>
    public bool IsVoc { get; }

    /// <summary>Whether it is a folder of label files of the YOLO family.</summary>
    public bool IsYolo { get; }

    /// <summary>Whether images without objects may be missing in what is divided, because nothing names them.</summary>
    public bool MayLackImages => IsYolo && _images is null;

    /// <summary>Where the parts go by default.</summary>
    public string Folder => IsCoco ? Path.GetDirectoryName(Path.GetFullPath(_source))! : IsVoc ? Path.Combine(_source, "ImageSets", "Main")
        : Path.Combine(_source, "..", "ImageSets");

    /// <summary>The names of the images, in order.</summary>
    /// <exception cref="RetortException">There are none.</exception>
    public IReadOnlyList<string> Names()
    {
        string labels = IsVoc ? VocPlaces.AnnotationFolder(_source) : _source;
        if (_split is not null)
        {
            return NamesIn(IsVoc ? Path.Combine(Folder, _split + ".txt") : _split, labels);
        }

        IReadOnlyList<string> names = IsYolo && _images is not null ? YoloFolder.Names(_source, _images)
            : Directory.Exists(labels) ? (IsVoc ? LabelNames.Below(labels, ".xml") : LabelNames.Below(labels))
            : [];
        return names.Count > 0 ? names
            : throw new RetortException(
            $"{_source}: this is neither a JSON file of COCO's format, nor a VOC folder, nor a folder of label files");
    }

    /// <summary>A path as it is printed: from the current folder, or whole where that is shorter.</summary>
    public static string Printed(string path) => Shorter(".", path);

    /// <summary>The options of <c>retort eval</c> that measure a detector on a part.</summary>
    /// <param name="test">The part.</param>
    public string Measured(string test)
    {
        (string Option, string Value)[] options = IsCoco
            ? [("--annotations", Printed(test)), ("--images", Printed(CocoImages(test) ?? "IMAGES"))]
            : IsVoc ? [("--annotations", Printed(_source)), ("--split", Path.ChangeExtension(Shorter(Folder, test), null))]
            : [("--annotations", Printed(_source)), ("--images", _images is null ? "IMAGES" : Printed(_images)),
                ("--split", Printed(test))];
        return string.Join(' ', options.Select(option => $"{option.Option} {Word(option.Value)}"));
    }

    /// <summary>The recipe and the options that use the parts.</summary>
    /// <param name="train">The part to train on.</param>
    /// <param name="val">The part to measure with.</param>
    public string Use(string train, string val)
    {
        if (IsCoco)
        {
            string data = MistakenRecipe.RootOf(_source);
            string? folder = CocoImages(val) is { } found ? Below(data, found) : null;
            (string, string)[] Part(string part, string file) =>
                [($"data.{part}.annotations", Shorter(data, file)), .. folder is null or UsualImages ? Array.Empty<(string, string)>()
                    : [($"data.{part}.images", folder)]];
            return Line("own-data/student", data, [.. Part("train", train), .. Part("val", val)]);
        }

        if (IsVoc)
        {
            (string Key, string Value) List(string part, string file) =>
                ($"data.{part}.split", Path.ChangeExtension(Below(Folder, file), null));
            return Line("own-data/voc/student", _source, List("train", train), List("val", val));
        }

        string common = CommonFolder([_source, .. new[] { _images }.OfType<string>()]), root = IsYolo
            && ClassNameFile.FindIn(_source) is null ? FolderOfClassNames(common) ?? common : common;
        (string labels, string images) = (Below(root, _source), _images is null ? "IMAGES" : Below(root, _images));
        return Line(
            IsYolo ? "own-data/yolo/student" : "own-data/dota/student", root,
            ("data.train.annotations", labels), ("data.train.images", images), ("data.train.split", List(root, train)),
            ("data.val.annotations", labels), ("data.val.images", images), ("data.val.split", List(root, val)));
    }

    // The folder of a whole data set, by the usual names, is no folder of label files.
    private static string? LabelsWithin(string folder) =>
        !Directory.Exists(folder) ? null
        : UserFiles.Guard(folder, FileUse.ListFolder, () => Directory.GetDirectories(folder)).Order(StringComparer.Ordinal).Prepend(folder)
        .SelectMany(place => s_labelFolders.Select(name => Path.Combine(place, name))).FirstOrDefault(Directory.Exists);

    private static string Line(string recipe, string root, params (string Key, string Value)[] options) =>
        string.Join(' ', options.Prepend(("data.root", Printed(root))).Select(option => "--set " + Word($"{option.Item1}={option.Item2}"))
            .Prepend(recipe));

    // Lists may be anywhere.
    private static string List(string root, string path) =>
        RelativePath.Below(root, path) is null ? Path.GetFullPath(path) : Below(root, path);

    private static string Below(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static string Shorter(string folder, string path)
    {
        string relative = Below(folder, path), whole = Path.GetFullPath(path);
        return relative.Length <= whole.Length ? relative : whole;
    }

    private static IReadOnlyList<string> NamesIn(string list, string labels)
    {
        if (!File.Exists(list))
        {
            throw new RetortException($"{list}: there is no such list of names; check --split");
        }

        var problems = new DatasetProblems();
        IReadOnlyList<string> names = LabelNames.Read(labels, list, problems);
        problems.ThrowIfErrors();
        return names;
    }

    /// <summary>
    /// The folder that the names of a file of COCO's format start from; null where the images are in none of the usual ones.
    /// </summary>
    private string? CocoImages(string file)
    {
        using Stream stream = UserFiles.OpenRead(file);
        using JsonDocument json = JsonDocument.Parse(stream);
        string name = json.RootElement.GetProperty("images")[0].GetProperty("file_name").GetString()!;
        string beside = Path.GetDirectoryName(Path.GetFullPath(_source))!, root = MistakenRecipe.RootOf(_source);
        return new[] { Path.Combine(root, UsualImages), beside, root, Path.Combine(beside, UsualImages),
            Path.Combine(root, UsualImages, Path.GetFileNameWithoutExtension(_source)) }
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, name)));
    }

    // What a shell would take apart is quoted.
    private static string Word(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./+:,@%".Contains(c)) ? text : $"'{text.Replace("'", "'\\''")}'";

    // YOLO's class names are looked for in the folder of the data, and lie beside the folders of its parts or above.
    private static string? FolderOfClassNames(string data) =>
        new[] { data, Path.GetDirectoryName(data), Path.GetDirectoryName(Path.GetDirectoryName(data)) }
        .FirstOrDefault(folder => folder is not null && ClassNameFile.FindIn(folder) is not null);

    // The folder of the data: the deepest that holds the labels and the images.
    private static string CommonFolder(string[] paths)
    {
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(paths[0])))!;
        while (paths.Any(path => RelativePath.Below(folder, path) is null) && Path.GetDirectoryName(folder) is { } above)
        {
            folder = above;
        }

        return folder;
    }
}
