using System.Globalization;
using System.IO.Compression;
using System.Text;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Evaluation.Dota;

/// <summary>
/// Reads the result files of DOTA's task 1: <c>Task1_CLASS.txt</c> in a folder or a zip file, a line a detection: <c>image score x1 y1 x2
/// y2 x3 y3 x4 y4</c>.
/// </summary>
public sealed class Task1Reader
{
    private const string Prefix = "Task1_";
    private const string Extension = ".txt";
    private const int Fields = 10;

    // Some ten million detections: a zip file that holds more is not what it says it is.
    private const long LargestContent = 1L << 30;

    private readonly Dictionary<string, int> _images;
    private readonly List<string> _names;
    private readonly bool _namesAreKnown;
    private readonly List<int> _imageOf = [];
    private readonly List<int> _classOf = [];
    private readonly List<double> _polygons = [];
    private readonly List<double> _scores = [];

    private Task1Reader(IReadOnlyList<string>? imageNames)
    {
        _names = [.. imageNames ?? []];
        _images = _names.Select((name, i) => (name, i)).ToDictionary(e => e.name, e => e.i);
        _namesAreKnown = imageNames is not null;
    }

    /// <summary>Reads the files of some classes.</summary>
    /// <param name="path">A folder or a zip file.</param>
    /// <param name="classNames">The classes in order; one without a file has no detections.</param>
    /// <param name="imageNames">The images in order, and a detection of another one is an error; null for those that have detections, as
    /// they come.</param>
    /// <exception cref="RetortException">There is no such file of any class, one is of an unknown class, or a line is broken or of an
    /// unknown image.</exception>
    /// <exception cref="RetortException">A file cannot be read.</exception>
    public static Task1Results Read(string path, IReadOnlyList<string> classNames, IReadOnlyList<string>? imageNames = null)
    {
        var reader = new Task1Reader(imageNames);
        WithFiles(path, files => reader.ReadAll(path, classNames, files));
        return new Task1Results(reader._names, new DotaDetections
        {
            Images = [.. reader._imageOf],
            Classes = [.. reader._classOf],
            Polygons = [.. reader._polygons],
            Scores = [.. reader._scores],
        })
        { Source = path };
    }

    /// <summary>The classes that have a result file, by name.</summary>
    /// <param name="path">A folder or a zip file.</param>
    /// <exception cref="RetortException">There is none, or the path is neither a folder nor a zip file.</exception>
    /// <exception cref="RetortException">It cannot be read.</exception>
    public static IReadOnlyList<string> ClassesIn(string path)
    {
        List<string> classes = [];
        WithFiles(path, files => classes.AddRange(files.Select(f => ClassOf(f.Name)).OfType<string>().Order(StringComparer.Ordinal)));
        return classes.Count > 0 ? classes : throw NoFiles(path);
    }

    private static void WithFiles(string path, Action<IEnumerable<(string Name, Func<Stream> Open)>> use)
    {
        if (Directory.Exists(path))
        {
            use(UserFiles.List(path).Order(StringComparer.Ordinal)
                .Select(f => (Path.GetFileName(f), (Func<Stream>)(() => UserFiles.OpenRead(f)))));
            return;
        }

        using Stream file = UserFiles.OpenRead(path);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            if (zip.Entries.Sum(e => (double)e.Length) is > LargestContent and double bytes)
            {
                throw DataError.At(path, "", FormattableString.Invariant($"the files in it have {bytes} bytes"),
                    "give result files of at most 1 GiB together");
            }

            use(zip.Entries.OrderBy(e => e.FullName, StringComparer.Ordinal).Select(e => (e.Name, (Func<Stream>)e.Open)));
        }
        catch (InvalidDataException e)
        {
            throw DataError.At(path, "", $"it is neither a folder nor a zip file that can be read ({e.Message})",
                "give the folder or the zip of Task1_CLASS.txt files", e);
        }
    }

    private void ReadAll(string source, IReadOnlyList<string> classNames, IEnumerable<(string Name, Func<Stream> Open)> files)
    {
        HashSet<string> read = [];
        foreach ((string name, Func<Stream> open) in files)
        {
            if (ClassOf(name) is not { } className)
            {
                continue;
            }

            int index = classNames.TakeWhile(c => c != className).Count();
            if (index == classNames.Count)
            {
                throw DataError.At(source, name, $"there is no class '{className}'", $"the classes are {string.Join(", ", classNames)}");
            }

            if (!read.Add(className))
            {
                throw DataError.At(source, name, "there are two files of this name", "leave one of them in the zip file");
            }

            using var text = new StreamReader(open(), Encoding.UTF8);
            ReadClass(text, $"{source}/{name}", index);
        }

        if (read.Count == 0)
        {
            throw NoFiles(source);
        }
    }

    /// <summary>The class that a result file is of, by its name; null for other files.</summary>
    internal static string? ClassOf(string file) =>
        file.StartsWith(Prefix, StringComparison.Ordinal) && file.EndsWith(Extension, StringComparison.Ordinal)
            ? file[Prefix.Length..^Extension.Length] : null;

    private static RetortException NoFiles(string source) =>
        DataError.At(source, "", "there is no file Task1_CLASS.txt in it", "give the folder or the zip of such files");

    private void ReadClass(StreamReader text, string source, int classIndex)
    {
        Span<Range> fields = stackalloc Range[Fields + 1];
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            int count = line.AsSpan().SplitAny(fields, " \t", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (count > 0)
            {
                Add(line, fields[..count], $"line {number}", source, classIndex);
            }
        }
    }

    private void Add(string line, ReadOnlySpan<Range> fields, string place, string source, int classIndex)
    {
        if (fields.Length != Fields)
        {
            throw DataError.At(source, place, $"it has {(fields.Length > Fields ? "more than " + Fields : fields.Length)} fields",
                "write 'image score x1 y1 x2 y2 x3 y3 x4 y4'");
        }

        Span<double> numbers = stackalloc double[Fields - 1];
        for (int k = 1; k < Fields; k++)
        {
            if (!double.TryParse(line.AsSpan(fields[k]), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[k - 1])
                || !double.IsFinite(numbers[k - 1]))
            {
                throw DataError.At(source, place, $"'{line[fields[k]]}' is not a finite number",
                    "a detector that puts out such values has diverged");
            }
        }

        _imageOf.Add(Image(line[fields[0]], place, source));
        _classOf.Add(classIndex);
        _scores.Add(numbers[0]);
        _polygons.AddRange(numbers[1..]);
    }

    private int Image(string name, string place, string source)
    {
        if (_images.TryGetValue(name, out int index))
        {
            return index;
        }

        if (_namesAreKnown)
        {
            throw DataError.At(source, place, $"the image '{name}' is not among the {_names.Count} of the annotations",
                "measure with the annotations of these images; detections of windows are merged first");
        }

        _images.Add(name, _names.Count);
        _names.Add(name);
        return _names.Count - 1;
    }
}
