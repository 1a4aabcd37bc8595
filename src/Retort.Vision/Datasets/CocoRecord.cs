using System.Text.Json;

namespace Retort.Vision.Datasets;

/// <summary>The fields of any record of a COCO file that Retort uses; a field that is missing or of the wrong type is null.</summary>
internal ref struct CocoRecord
{
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
        else if (json.ValueTextEquals("image_id"u8)) { ImageId = Whole(ref json); }
        else if (json.ValueTextEquals("category_id"u8)) { CategoryId = Whole(ref json); }
        else if (json.ValueTextEquals("id"u8)) { Id = Whole(ref json); }
        else if (json.ValueTextEquals("area"u8)) { Area = Number(ref json); }
        else if (json.ValueTextEquals("iscrowd"u8)) { IsCrowd = Flag(ref json); }
        else if (json.ValueTextEquals("difficult"u8)) { Difficult = Flag(ref json); }
        else if (json.ValueTextEquals("file_name"u8)) { FileName = Text(ref json); }
        else if (json.ValueTextEquals("filename"u8)) { OtherFileName = Text(ref json); }
        else if (json.ValueTextEquals("name"u8)) { Name = Text(ref json); }
        else if (json.ValueTextEquals("width"u8)) { Width = Whole(ref json); }
        else if (json.ValueTextEquals("height"u8)) { Height = Whole(ref json); }
        else
        {
            json.Skip();
        }
    }

    private void ReadBox(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
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
    }

    // Some writers give ids and sizes as 12.0.
    private static long? Whole(ref Utf8JsonReader json)
    {
        double? number = Number(ref json);
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long whole))
        {
            return whole;
        }

        return number is { } value && value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (long)value : null;
    }

    private static double? Number(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double value))
        {
            return value;
        }

        json.Skip();
        return null;
    }

    // 0 or 1, in some files false or true.
    private static bool Flag(ref Utf8JsonReader json) => Number(ref json) is { } value ? value != 0 : json.TokenType == JsonTokenType.True;

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
