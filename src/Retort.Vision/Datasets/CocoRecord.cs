using System.Globalization;
using System.Text;
using System.Text.Json;
using Retort.Core.Text;

namespace Retort.Vision.Datasets;

/// <summary>The fields of any record of a COCO file that Retort uses; a field that is missing or of the wrong type is null.</summary>
internal ref struct CocoRecord
{
    /// <summary>
    /// The first field whose value is of the wrong kind, with that value and what is wanted, such as <c>`width` is true, not a whole
    /// number</c>; else null.
    /// </summary>
    public string? Problem { get; private set; }

    public long? Id { get; private set; }

    public string? FileName { get; private set; }

    /// <summary><c>filename</c>, which is not COCO's.</summary>
    public string? OtherFileName { get; private set; }

    public string? Name { get; private set; }

    public long? Width { get; private set; }

    public long? Height { get; private set; }

    public long? ImageId { get; private set; }

    public long? CategoryId { get; private set; }

    public double? Area { get; private set; }

    public bool IsCrowd { get; private set; }

    public bool Difficult { get; private set; }

    /// <summary>Number of numbers in <c>bbox</c>; 0 where it is missing or holds anything else.</summary>
    public int BoxLength { get; private set; }

    public double X { get; private set; }

    public double Y { get; private set; }

    public double BoxWidth { get; private set; }

    public double BoxHeight { get; private set; }

    /// <summary>The fifth number of <c>bbox</c>, where it has one.</summary>
    public double Angle { get; private set; }

    private Utf8JsonReader _mask;
    private bool _hasMask;
    private bool _hasBox;

    /// <summary>The box around the mask, pixels, where the record has no box and its mask can be read; else null.</summary>
    public readonly (double X, double Y, double Width, double Height)? MaskBox()
    {
        Utf8JsonReader json = _mask;
        return _hasMask && !_hasBox ? CocoMask.Enclosing(ref json) : null;
    }

    /// <summary>Reads the object at which <paramref name="json"/> stands, to its end.</summary>
    public static CocoRecord Read(ref Utf8JsonReader json)
    {
        CocoRecord record = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            record.ReadField(ref json);
        }

        return record;
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        // Compared as bytes: a large file has millions of field names.
        if (json.ValueTextEquals("bbox"u8))
        {
            json.Read();
            ReadBox(ref json);
        }
        else if (json.ValueTextEquals("segmentation"u8))
        {
            // Masks are most of a file: they are looked into only where there is no box.
            _mask = json;
            _hasMask = true;
            json.Skip();
        }
        else if (json.ValueTextEquals("image_id"u8)) { ImageId = Whole(ref json, "image_id"); }
        else if (json.ValueTextEquals("category_id"u8)) { CategoryId = Whole(ref json, "category_id"); }
        else if (json.ValueTextEquals("id"u8)) { Id = Whole(ref json, "id"); }
        else if (json.ValueTextEquals("area"u8)) { Area = Number(ref json, "area", "a number"); }
        else if (json.ValueTextEquals("iscrowd"u8)) { IsCrowd = Flag(ref json, "iscrowd"); }
        else if (json.ValueTextEquals("difficult"u8)) { Difficult = Flag(ref json, "difficult"); }
        else if (json.ValueTextEquals("file_name"u8)) { FileName = Text(ref json); }
        else if (json.ValueTextEquals("filename"u8)) { OtherFileName = Text(ref json); }
        else if (json.ValueTextEquals("name"u8)) { Name = Text(ref json); }
        else if (json.ValueTextEquals("width"u8)) { Width = Whole(ref json, "width"); }
        else if (json.ValueTextEquals("height"u8)) { Height = Whole(ref json, "height"); }
        else
        {
            json.Skip();
        }
    }

    private void ReadBox(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            _hasBox |= json.TokenType != JsonTokenType.Null;
            json.Skip();
            return;
        }

        const int Most = 5;
        Span<double> values = stackalloc double[Most + 1];
        int length = 0;
        bool numbers = true;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            bool isNumber = json.TokenType == JsonTokenType.Number && json.TryGetDouble(out values[Math.Min(length, Most)]);
            numbers &= isNumber;
            length++;
            json.Skip();
        }

        (X, Y, BoxWidth, BoxHeight, Angle) = (values[0], values[1], values[2], values[3], values[4]);
        BoxLength = numbers ? length : 0;
        _hasBox |= length > 0;
    }

    // Some writers give ids and sizes as 12.0, or as text.
    private long? Whole(ref Utf8JsonReader json, string field)
    {
        const string Wanted = "a whole number";
        double? number = Number(ref json, field, Wanted);
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long whole))
        {
            return whole;
        }

        if (json.TokenType == JsonTokenType.String
            && long.TryParse(json.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole))
        {
            return whole;
        }

        if (number is not { } value)
        {
            return null;
        }

        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
        {
            return (long)value;
        }

        Refuse(ref json, field, Wanted);
        return null;
    }

    // Null is a value that is missing; text that is a number is that number.
    private double? Number(ref Utf8JsonReader json, string field, string wanted)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when json.TryGetDouble(out double value):
                return value;
            case JsonTokenType.String when double.TryParse(json.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture,
                out double value) && double.IsFinite(value):
                return value;
            default:
                Refuse(ref json, field, wanted);
                json.Skip();
                return null;
        }
    }

    // 0 or 1, in some files false or true, or text; null is 0.
    private bool Flag(ref Utf8JsonReader json, string field)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False or JsonTokenType.Null:
                return false;
            case JsonTokenType.Number when json.TryGetDouble(out double value):
                return value != 0;
            case JsonTokenType.String when TruthValue.Parse(Encoding.UTF8.GetString(json.ValueSpan)) is { } text:
                return text;
            default:
                Refuse(ref json, field, "0 or 1");
                json.Skip();
                return false;
        }
    }

    private void Refuse(ref Utf8JsonReader json, string field, string wanted)
    {
        const int Shown = 40;
        string value = json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.String => $"\"{Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, Shown)])}\"",
            _ => Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, Shown)]),
        };
        Problem ??= $"`{field}` is {value}, not {wanted}";
    }

    private static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString();
        }

        json.Skip();
        return null;
    }
}
