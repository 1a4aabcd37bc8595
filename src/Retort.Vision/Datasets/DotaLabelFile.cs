using System.Globalization;
using System.Text;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// A label file of DOTA, any version: lines <c>imagesource:...</c> and <c>gsd:...</c>, which may be missing, then one object a line,
/// <c>x1 y1 x2 y2 x3 y3 x4 y4 class difficulty</c>.
/// </summary>
public sealed class DotaLabelFile
{
    private const int Coordinates = 8;
    private const int LargestDifficulty = 100;

    private readonly string _path;

    private DotaLabelFile(string path) => _path = path;

    /// <summary>The objects in the order of the file; broken ones are left out.</summary>
    public List<DotaObject> Objects { get; } = [];

    /// <summary>Errors of the file.</summary>
    public List<DatasetProblem> Problems { get; } = [];

    /// <summary>Reads a file; whatever is wrong is in <see cref="Problems"/>.</summary>
    public static DotaLabelFile Read(string path)
    {
        path = FolderPlaces.WithExtensionAsWritten(path);
        DotaLabelFile file = new(path);
        if (!File.Exists(path))
        {
            file.Error(ProblemKind.MissingFile, 0, "the label file does not exist",
                "Add it (an empty one for an image without objects), or remove the name from the list.");
        }
        else if (TextLimit.Problem(path, TextLimit.LabelFile, "Use label files in the DOTA format, one an image.") is { } large)
        {
            file.Problems.Add(large);
        }
        else
        {
            using StreamReader reader = new(UserFiles.OpenRead(path));
            file.Parse(reader);
        }

        return file;
    }

    /// <summary>Reads a file's text; <paramref name="path"/> is what messages call it.</summary>
    public static DotaLabelFile Parse(TextReader text, string path)
    {
        DotaLabelFile file = new(path);
        file.Parse(text);
        return file;
    }

    /// <summary>The text of a label file; numbers as the authors' tool writes them, the shortest that read back to the same.</summary>
    /// <param name="objects">The objects in the order of the file.</param>
    public static string Text(IEnumerable<DotaObject> objects)
    {
        StringBuilder text = new();
        foreach (DotaObject item in objects)
        {
            foreach (double value in item.Polygon)
            {
                text.Append(Text((float)value)).Append(' ');
            }

            text.Append(item.ClassName).Append(' ').Append(item.Difficulty.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(float value)
    {
        string shortest = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return shortest.AsSpan().IndexOfAny('.', 'e') >= 0 ? shortest : shortest + ".0";
    }

    private void Parse(TextReader text)
    {
        for (int number = 1; text.ReadLine() is { } line; number++)
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 0 && !IsHeader(line.TrimStart()))
            {
                ReadObject(fields, number);
            }
        }
    }

    private bool IsHeader(string line) => Objects.Count == 0 && line.Contains(':') && char.IsAsciiLetter(line[0]);

    private void ReadObject(string[] fields, int line)
    {
        double[] numbers = [.. fields.Select(Number).TakeWhile(n => n is not null).Select(n => n!.Value)];
        if (numbers.Length == Coordinates && fields.Length > Coordinates + 2)
        {
            string[] words = fields[Coordinates..(Difficulty(fields[^1]) is null ? fields.Length : fields.Length - 1)];
            Error(
                ProblemKind.BrokenRecord, line,
                    $"{fields.Length} fields where an object has {Coordinates + 2}: the class '{string.Join(' ', words)}' has blanks in it",
                $"Write it without blanks, such as '{string.Join('-', words)}', in all label files.");
            return;
        }

        if (fields.Length is not (Coordinates + 1 or Coordinates + 2) || numbers.Length < Coordinates)
        {
            Error(ProblemKind.BrokenRecord, line,
                $"{Found(fields, numbers.Length)} where an object has four points, a class and a difficulty",
                "Write 'x1 y1 x2 y2 x3 y3 x4 y4 class difficulty', or delete the line.");
            return;
        }

        double[] polygon = numbers[..Coordinates];
        if (!polygon.All(v => float.IsFinite((float)v)))
        {
            Error(ProblemKind.BadNumber, line, "a coordinate is not a finite number", "Correct it, or delete the line.");
            return;
        }

        if (ClassComesFirst(fields, numbers))
        {
            Error(
                ProblemKind.BrokenRecord, line, $"the class is '{fields[Coordinates]}', a number: the fields seem to be in another order",
                "Write 'x1 y1 x2 y2 x3 y3 x4 y4 class difficulty'; where the class comes first, 'retort dataset convert "
                    + "yolo-obb-to-dota' makes such files.");
            return;
        }

        if ((fields.Length > Coordinates + 1 ? Difficulty(fields[^1]) : 0) is not { } difficulty)
        {
            Error(ProblemKind.BadNumber, line, $"the difficulty '{fields[^1]}' is not a whole number from 0 to {LargestDifficulty}",
                "Correct it, or leave it out for 0.");
            return;
        }

        Objects.Add(new DotaObject(polygon, fields[Coordinates], difficulty, line));
    }

    // A class may be called by a whole number, so such a line is judged by its corners: nearly all objects are parallelograms.
    private static bool ClassComesFirst(string[] fields, double[] numbers) => numbers.Length > Coordinates
        && (!fields[Coordinates].All(char.IsAsciiDigit)
            || (fields.Length == Coordinates + 1 && IsParallelogram(numbers.AsSpan(1)) && !IsParallelogram(numbers)));

    private static bool IsParallelogram(ReadOnlySpan<double> p)
    {
        const double Rounding = 2; // pixels
        return Math.Abs(p[0] + p[4] - p[2] - p[6]) <= Rounding && Math.Abs(p[1] + p[5] - p[3] - p[7]) <= Rounding;
    }

    // What a broken line has, so that a person sees which mistake it is.
    private string Found(string[] fields, int numbers)
    {
        string line = string.Join(' ', fields);
        return numbers == 0 && line.Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries).TakeWhile(f => Number(f) is not null)
            .Count() > 1 ? "commas between the fields, in place of blanks,"
            : numbers == 0 && Objects.Count == 0 ? $"'{line}', which is no line of the header ('imagesource:...', 'gsd:...'),"
            : fields.Length > numbers && numbers / 2 != Coordinates / 2 ? $"a polygon of {numbers / 2} points"
            : $"{fields.Length} fields";
    }

    // DOTA has 0, 1 and 2; other tools write other grades, and 0.0 for 0.
    private static int? Difficulty(string field) =>
        double.TryParse(field, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value <= LargestDifficulty
            && value == Math.Floor(value) ? (int)value : null;

    // 'inf' is what other tools write; .NET's own spelling and NaN are parsed by the framework.
    private static double? Number(string field) =>
        field.TrimStart('+', '-').Equals("inf", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity
        : double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    private void Error(ProblemKind kind, int line, string message, string remedy) =>
        Problems.Add(new DatasetProblem(ProblemSeverity.Error, kind, _path, line == 0 ? "" : $"line {line}", message, remedy));
}
