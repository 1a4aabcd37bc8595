using System.Globalization;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>One line of a YOLO label file.</summary>
/// <param name="Class">The index of the class, from 0.</param>
/// <param name="Numbers">Shares of the image's width and height: cx, cy, w, h [4], or the four corners x1, y1 ... x4, y4 [8].</param>
/// <param name="Line">Number of the line in the file, from 1.</param>
public sealed record YoloObject(int Class, double[] Numbers, int Line);

/// <summary>
/// A label file as the YOLO family writes them: one object a line, the index of the class and the box in shares of the image's width and
/// height: <c>class cx cy w h</c>, or for rotated boxes <c>class x1 y1 x2 y2 x3 y3 x4 y4</c>.
/// </summary>
public sealed class YoloLabelFile
{
    /// <summary>Numbers of an upright box.</summary>
    public const int BoxNumbers = 4;

    /// <summary>Numbers of the four corners of a rotated box.</summary>
    public const int CornerNumbers = 8;

    // What is meant as 0 may be written a little below it.
    private const double Rounding = 1e-4;

    // A box that reaches out of the image may have its centre a little outside too; numbers of pixels are far above.
    private const double Beyond = 0.1;

    // Numbers of three points.
    private const int LeastOutline = 6;

    private readonly string _path;
    private readonly int _numbers;
    private readonly int _classes;

    private YoloLabelFile(string path, int numbers, int classes) => (_path, _numbers, _classes) = (path, numbers, classes);

    /// <summary>The objects in the order of the file; broken ones are left out.</summary>
    public List<YoloObject> Objects { get; } = [];

    /// <summary>How many objects are outlines of three or more points, of which the enclosing box is taken.</summary>
    internal int Outlines { get; private set; }

    /// <summary>Errors of the file.</summary>
    public List<DatasetProblem> Problems { get; } = [];

    /// <summary>
    /// Reads a file; whatever is wrong is in <see cref="Problems"/>. A file that is not there is one without objects, as in that family.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="numbers"><see cref="BoxNumbers"/> or <see cref="CornerNumbers"/>.</param>
    /// <param name="classes">How many classes there are.</param>
    public static YoloLabelFile Read(string path, int numbers, int classes)
    {
        var file = new YoloLabelFile(path, numbers, classes);
        if (!File.Exists(path))
        {
            return file;
        }

        if (TextLimit.Problem(path, TextLimit.LabelFile, "Use label files of the YOLO family, one an image.") is { } large)
        {
            file.Problems.Add(large);
        }
        else
        {
            foreach ((int index, string line) in UserFiles.ReadLines(path).Index())
            {
                string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 0)
                {
                    file.ReadObject(fields, index + 1);
                }
            }
        }

        return file;
    }

    private void ReadObject(string[] fields, int line)
    {
        string form = _numbers == BoxNumbers ? "class cx cy w h" : "class x1 y1 x2 y2 x3 y3 x4 y4";
        int given = fields.Length - 1;
        bool outline = _numbers == BoxNumbers && given >= LeastOutline && given % 2 == 0;
        if (given != _numbers && !outline)
        {
            Error(ProblemKind.BrokenRecord, line, $"{fields.Length} fields where an object has {_numbers + 1}",
                $"Write '{form}', or delete the line.");
            return;
        }

        // Some writers give the index as 0.0 or 1.000000.
        if (!double.TryParse(fields[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double index)
            || index != Math.Floor(index) || !(index >= 0 && index < _classes))
        {
            Error(ProblemKind.UnknownClass, line,
                $"the class '{fields[0]}' is no index of the {_classes} class names, which count from 0 to {_classes - 1}",
                "Correct the index, or add the name of the class.");
            return;
        }

        double[] numbers = [.. fields[1..].Select(field => double.TryParse(
            field, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        bool IsSide(int at) => !outline && _numbers == BoxNumbers && at >= 2;
        if (numbers.Index().Where(n => !(n.Item >= (IsSide(n.Index) ? -Rounding : -Beyond) && n.Item <= 1 + Beyond))
            .ToArray() is [(int at, _), ..])
        {
            string field = outline ? $"{(at % 2 == 0 ? 'x' : 'y')}{(at / 2) + 1}" : form.Split(' ')[at + 1];
            Error(
                ProblemKind.BadNumber, line,
                    $"{field} is {fields[at + 1]}, which is no share of the image's {(at % 2 == 0 ? "width" : "height")} from 0 to 1",
                "Divide pixels by the image's size, or delete the line.");
            return;
        }

        Outlines += outline ? 1 : 0;
        Objects.Add(new YoloObject((int)index, outline ? Enclosing(numbers) : numbers, line));
    }

    private static double[] Enclosing(double[] points)
    {
        double[] x = [.. points.Where((_, at) => at % 2 == 0)];
        double[] y = [.. points.Where((_, at) => at % 2 == 1)];
        return [(x.Min() + x.Max()) / 2, (y.Min() + y.Max()) / 2, x.Max() - x.Min(), y.Max() - y.Min()];
    }

    private void Error(ProblemKind kind, int line, string message, string remedy) =>
        Problems.Add(new DatasetProblem(ProblemSeverity.Error, kind, _path, $"line {line}", message, remedy));
}
