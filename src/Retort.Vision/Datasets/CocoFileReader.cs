using System.Buffers;
using System.Text;
using System.Text.Json;
using Retort.Core.Files;

namespace Retort.Vision.Datasets;

/// <summary>
/// Parses a COCO instances file token by token. Only what a detector needs is kept: masks, which are most of such a file, are skipped, so
/// the memory needed is some hundred bytes a box beside the file itself, which is mapped.
/// </summary>
internal sealed class CocoFileReader
{
    /// <summary>Numbers of an upright box: left, top, width, height.</summary>
    public const int UprightNumbers = 4;

    /// <summary>Numbers of a rotated box: centre x, centre y, width, height, angle.</summary>
    public const int RotatedNumbers = 5;

    private readonly string _path;
    private readonly DatasetProblems _problems;
    private readonly int _boxNumbers;
    private readonly CocoFile _file = new();
    private int _masks;

    private CocoFileReader(string path, DatasetProblems problems, int boxNumbers) =>
        (_path, _problems, _boxNumbers) = (path, problems, boxNumbers);

    // Files of rotated boxes are nobody's format; some have their own names for the list of annotations and for the files.
    private bool Rotated => _boxNumbers == RotatedNumbers;

    /// <summary>Reads the file; records that cannot be used become errors in <paramref name="problems"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where errors are added.</param>
    /// <param name="boxNumbers"><see cref="UprightNumbers"/> or <see cref="RotatedNumbers"/>.</param>
    /// <exception cref="DatasetException">The file is not JSON, is cut off, or lacks its lists.</exception>
    public static CocoFile Read(string path, DatasetProblems problems, int boxNumbers = UprightNumbers)
    {
        if (!File.Exists(path))
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.MissingFile, path, "",
                "the annotation file does not exist", MissingRemedy(path)));
        }

        using MappedFile map = new(path);
        CocoFileReader reader = new(path, problems, boxNumbers);
        try
        {
            reader.Parse(map.Content);
        }
        catch (JsonException e)
        {
            throw reader.NotJson(e, map.Content);
        }
        catch (InvalidOperationException e)
        {
            // What the JSON library makes of text that is no text.
            throw reader.Broken(PlaceOfInvalidText(map.Content), "a text is not valid UTF-8", "Save the file in UTF-8, or export it again.",
                e);
        }

        return reader._file;
    }

    /// <summary>What is in the folder instead is most often the file under another name.</summary>
    private static string MissingRemedy(string path)
    {
        const int Shown = 10;
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        string[] there = Directory.Exists(folder)
            ? [.. UserFiles.List(folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];
        return there.Length == 0
            ? "Check the path in the recipe or on the command line."
            : $"In that folder there {(there.Length == 1 ? "is" : "are")} "
                + $"{string.Join(", ", there.Take(Shown))}{(there.Length > Shown ? $" and {there.Length - Shown} more" : "")}: "
                + "name one in the recipe (data.train.annotations, data.val.annotations) or on the command line.";
    }

    private void Parse(ReadOnlySpan<byte> content)
    {
        Utf8JsonReader json = new(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw Broken("", "this is not a COCO instances file: the outermost value is not an object",
                "A list is the format of detections (results); annotations need `images`, `annotations` and `categories`.");
        }

        HashSet<string> seen = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            seen.Add(name);
            json.Read();
            switch (name)
            {
                case "images": ReadList(ref json, name, ReadImage); break;
                case "categories": ReadList(ref json, name, ReadCategory); break;
                case "annotation" when Rotated:
                case "annotations": ReadList(ref json, name, ReadAnnotation); break;
                default: json.Skip(); break;
            }
        }

        if (_masks > 0)
        {
            _problems.Add(new DatasetProblem(
                ProblemSeverity.Note, ProblemKind.BrokenRecord, _path, "annotations",
                    $"{_masks} of {_file.Annotations.Count} annotations have no `bbox`", "The box around their `segmentation` is used."));
        }

        // Anything after the object is an error of the JSON reader.
        json.Read();
        string[] missing = [.. new[] { "images", "categories" }.Where(n => !seen.Contains(n))];
        if (missing.Length > 0)
        {
            throw Broken("", $"the file has no list `{string.Join("` and no list `", missing)}`",
                "Use an instances file as COCO's `instances_val2017.json`.");
        }
    }

    private delegate void ReadRecord(in CocoRecord record, int index);

    private void ReadList(ref Utf8JsonReader json, string list, ReadRecord read)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw Broken(list, $"`{list}` is not a list", "Use an instances file as COCO's `instances_val2017.json`.");
        }

        for (int index = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                _problems.Error(ProblemKind.BrokenRecord, _path, $"{list}[{index}]", "the record is not an object",
                    "Correct or delete it.");
                json.Skip();
                continue;
            }

            CocoRecord record = CocoRecord.Read(ref json);
            if (record.Problem is { } problem)
            {
                _problems.Error(ProblemKind.BrokenRecord, _path, Place(list, index, record.Id), problem,
                    "Correct the value, or delete the record.");
                continue;
            }

            read(record, index);
        }
    }

    private static string Place(string list, int index, long? id) => id is { } known ? $"{list}[{index}] (id {known})" : $"{list}[{index}]";

    private void ReadImage(in CocoRecord record, int index)
    {
        string place = $"images[{index}]";
        bool sized = record.Width is > 0 and <= int.MaxValue && record.Height is > 0 and <= int.MaxValue;
        if (record.Id is { } id && (record.FileName ?? (Rotated ? record.OtherFileName : null)) is { } name && (sized || !Rotated))
        {
            _file.Images.Add(new CocoImage(index, id, name, sized ? (int)record.Width!.Value : 0, sized ? (int)record.Height!.Value : 0));
            return;
        }

        _problems.Error(ProblemKind.BrokenRecord, _path, place, Rotated
            ? "the image needs `id` (whole number), `file_name` (text), `width` and `height` (whole numbers above 0)"
            : "the image needs `id` (whole number) and `file_name` (text)", "Add what is missing; its annotations are not used without.");
    }

    private void ReadCategory(in CocoRecord record, int index)
    {
        if (record.Id is { } id && !string.IsNullOrWhiteSpace(record.Name))
        {
            _file.Categories.Add(new CocoCategory(id, record.Name));
            return;
        }

        _problems.Error(ProblemKind.BrokenRecord, _path, $"categories[{index}]", "the category needs `id` (whole number) and `name` (text)",
            "Add what is missing.");
    }

    private void ReadAnnotation(in CocoRecord record, int index)
    {
        if (record.ImageId is { } image && record.CategoryId is { } category && record.BoxLength == _boxNumbers)
        {
            CocoAnnotation annotation = new(
                index, record.Id, image, category, record.X, record.Y, record.BoxWidth, record.BoxHeight, record.Area
                    ?? double.NaN, record.IsCrowd, record.Difficult, record.Angle);
            _file.Annotations.Add(annotation);
            return;
        }

        if (!Rotated && record.ImageId is { } masked && record.CategoryId is { } of && record.MaskBox() is { } around)
        {
            _masks++;
            _file.Annotations.Add(new CocoAnnotation(
                index, record.Id, masked, of, around.X, around.Y, around.Width, around.Height, record.Area
                    ?? double.NaN, record.IsCrowd, record.Difficult, 0));
            return;
        }

        string box = Rotated ? "five numbers: centre x, centre y, width, height, angle" : "four numbers: left, top, width, height";
        _problems.Error(ProblemKind.BrokenRecord, _path, Place("annotations", index, record.Id),
            $"the annotation needs `image_id`, `category_id` (whole numbers) and `bbox` ({box})", "Correct or delete it.");
    }

    private static string PlaceOfInvalidText(ReadOnlySpan<byte> content)
    {
        int line = 1;
        for (int at = 0; at < content.Length;)
        {
            if (Rune.DecodeFromUtf8(content[at..], out Rune rune, out int bytes) != OperationStatus.Done)
            {
                return $"line {line}";
            }

            line += rune.Value == '\n' ? 1 : 0;
            at += bytes;
        }

        // The text is an escape that stands for half a character.
        return "";
    }

    private DatasetException NotJson(JsonException e, ReadOnlySpan<byte> content)
    {
        string place = $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
        if (content.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return Broken("", "the file is empty", "Write or copy it again.", e);
        }

        if (OtherFormat(content) is { } other)
        {
            return Broken("", $"this is {other.Found}, not JSON", other.Remedy, e);
        }

        if (e.Message.Contains("'N'", StringComparison.Ordinal) || e.Message.Contains("'I'", StringComparison.Ordinal))
        {
            return Broken(place, "NaN or Infinity is not a JSON number",
                "Correct the number, or delete the record, in the program that wrote the file.", e, ProblemKind.BadNumber);
        }

        ReadOnlySpan<byte> end = content.TrimEnd(" \t\r\n"u8);
        return end[^1] == (byte)'}'
            ? Broken(place, $"the file is not valid JSON: {e.Message}", "Correct it, or export it again.", e)
            : Broken(place, "the file is cut off: its JSON does not end", "Download or write it again.", e);
    }

    // What annotation tools and editors write in place of JSON, by its beginning.
    private static (string Found, string Remedy)? OtherFormat(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> start = content.TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8);
        ReadOnlySpan<byte> line = start.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end ? start[..end] : start;
        return content.StartsWith<byte>([0xFF, 0xFE]) || content.StartsWith<byte>([0xFE, 0xFF])
            || content[..Math.Min(content.Length, 4)].Contains((byte)0)
                ? ("text in UTF-16", "Save the file as UTF-8.")
            : start.StartsWith("PK\u0003\u0004"u8) ? ("a zip file", "Unpack it and name the JSON file in it.")
            : start.StartsWith("<"u8) ? ("XML", "Export the annotations as COCO JSON; for one XML file per image, use data.format=voc.")
            : start.Length > 0 && start[0] is not ((byte)'{' or (byte)'[') && line.IndexOfAny(",;\t"u8) >= 0
                ? ("a table (CSV)", "Export the annotations as COCO JSON.")
            : null;
    }

    private DatasetException Broken(
        string place, string message, string remedy, Exception? inner = null, ProblemKind kind = ProblemKind.BrokenFile) =>
        new(new DatasetProblem(ProblemSeverity.Error, kind, _path, place, message, remedy), inner);
}
