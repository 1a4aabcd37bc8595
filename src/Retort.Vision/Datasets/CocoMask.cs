using System.Text.Json;

namespace Retort.Vision.Datasets;

/// <summary>The box around a mask of a COCO file: polygons, or run lengths as numbers or as COCO's compressed text.</summary>
internal static class CocoMask
{
    /// <summary>Left, top, width and height in pixels; null where the mask is empty or in no known form.</summary>
    /// <param name="json">Stands on the name <c>segmentation</c>.</param>
    public static (double X, double Y, double Width, double Height)? Enclosing(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.StartArray => AroundPolygons(ref json),
            JsonTokenType.StartObject => AroundRuns(ref json),
            _ => null,
        };
    }

    private static (double, double, double, double)? AroundPolygons(ref Utf8JsonReader json)
    {
        (double left, double top, double right, double bottom) =
            (double.PositiveInfinity, double.PositiveInfinity, double.NegativeInfinity, double.NegativeInfinity);
        bool isX = true;
        int depth = json.CurrentDepth;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndArray && json.CurrentDepth == depth))
        {
            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray)
            {
                isX = true;
                continue;
            }

            if (json.TokenType != JsonTokenType.Number || !json.TryGetDouble(out double value))
            {
                return null;
            }

            (left, right) = isX ? (Math.Min(left, value), Math.Max(right, value)) : (left, right);
            (top, bottom) = isX ? (top, bottom) : (Math.Min(top, value), Math.Max(bottom, value));
            isX = !isX;
        }

        return left <= right && top <= bottom ? (left, top, right - left, bottom - top) : null;
    }

    private static (double, double, double, double)? AroundRuns(ref Utf8JsonReader json)
    {
        List<long>? runs = null;
        List<long>? size = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isCounts = json.ValueTextEquals("counts"u8);
            bool isSize = json.ValueTextEquals("size"u8);
            json.Read();
            if (isCounts)
            {
                runs = json.TokenType == JsonTokenType.String ? Uncompressed(json.GetString()!) : Numbers(ref json);
            }
            else if (isSize)
            {
                size = Numbers(ref json);
            }

            json.Skip();
        }

        return runs is not null && size is [> 0 and var height, > 0] ? AroundRuns(runs, height) : null;
    }

    // Runs of pixels outside and inside by turns, column by column.
    private static (double, double, double, double)? AroundRuns(List<long> runs, long height)
    {
        (long left, long top, long right, long bottom) = (long.MaxValue, long.MaxValue, -1, -1);
        long at = 0;
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i] is < 0 or > int.MaxValue)
            {
                return null;
            }

            long end = at + runs[i];
            if (i % 2 == 1 && end > at)
            {
                (long first, long last) = (at / height, (end - 1) / height);
                (left, right) = (Math.Min(left, first), Math.Max(right, last));
                top = Math.Min(top, first == last ? at % height : 0);
                bottom = Math.Max(bottom, first == last ? (end - 1) % height : height - 1);
            }

            at = end;
        }

        return right < 0 ? null : (left, top, right - left + 1, bottom - top + 1);
    }

    private static List<long>? Numbers(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        List<long> numbers = [];
        while (json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number))
        {
            numbers.Add(number);
        }

        return json.TokenType == JsonTokenType.EndArray ? numbers : null;
    }

    // Five bits a character from the code 48 up, the lowest first; a sixth says that more follow. From the fourth number on, they are
    // differences to the last but one.
    private static List<long>? Uncompressed(string text)
    {
        const int Longest = 12;
        List<long> runs = [];
        for (int at = 0; at < text.Length;)
        {
            (long value, int digits, int code) = (0, 0, 32);
            while ((code & 32) != 0)
            {
                if (at == text.Length || digits == Longest || (code = text[at++] - 48) is < 0 or > 63)
                {
                    return null;
                }

                value |= (long)(code & 31) << (5 * digits++);
            }

            value |= (code & 16) != 0 ? -1L << (5 * digits) : 0;
            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
        }

        return runs;
    }
}
