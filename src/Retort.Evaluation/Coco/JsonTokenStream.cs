using System.Globalization;
using System.Text;
using System.Text.Json;
using Retort.Core;
using Retort.Core.Text;

namespace Retort.Evaluation.Coco;

/// <summary>
/// Reads JSON tokens from a stream in pieces, so that a file of hundreds of megabytes needs a buffer and no document. Errors name the file,
/// the place and the remedy.
/// </summary>
internal ref struct JsonTokenStream
{
    private const int InitialBuffer = 1 << 18;

    private readonly Stream _stream;
    private readonly string _source;
    private byte[] _buffer = new byte[InitialBuffer];
    private int _start;
    private int _filled;
    private bool _ended;
    private Utf8JsonReader _reader;

    public JsonTokenStream(Stream stream, string source)
    {
        (_stream, _source) = (stream, source);
        Fill(0);
        // A byte order mark is not JSON, but editors on Windows write it.
        _start = _buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8) ? 3 : 0;
        _reader = new Utf8JsonReader(_buffer.AsSpan(_start, _filled - _start), _ended, default);
    }

    /// <summary>What is being read, such as <c>annotations[17]</c>; errors carry it.</summary>
    public string Section { get; set; } = "";

    /// <summary>The index within <see cref="Section"/>, or -1.</summary>
    public int Index { get; set; } = -1;

    public readonly JsonTokenType Type => _reader.TokenType;

    /// <summary>Goes to the next token; false at the end of the file.</summary>
    public bool Read()
    {
        try
        {
            while (!_reader.Read())
            {
                if (_ended)
                {
                    return false;
                }

                Refill();
            }

            return true;
        }
        catch (JsonException e)
        {
            throw Error($"not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}: {Reason(e)}",
                "the file may be truncated, still being written, or written by a tool that puts NaN in numbers", e);
        }
    }

    /// <summary>Goes to the next token, which must be of one type.</summary>
    public void Expect(JsonTokenType type, string meaning)
    {
        if (!Read() || Type != type)
        {
            throw Error($"expected {meaning}", "the file is not in COCO format");
        }
    }

    /// <summary>Goes to the next token and passes over it with all it contains.</summary>
    public void Skip()
    {
        Read();
        SkipRest();
    }

    // Passes over what is left of the value on whose first token the reader stands.
    private void SkipRest()
    {
        int depth = 0;
        do
        {
            depth += Type switch
            {
                JsonTokenType.StartArray or JsonTokenType.StartObject => 1,
                JsonTokenType.EndArray or JsonTokenType.EndObject => -1,
                _ => 0,
            };
        }
        while (depth > 0 && Read());
    }

    public readonly bool NameIs(ReadOnlySpan<byte> name) =>
        // An escaped name is none of COCO's, and unescaping a damaged one throws.
        !_reader.ValueIsEscaped && _reader.ValueTextEquals(name);

    /// <summary>Reads a whole number; some writers give it as 12.0, or as text.</summary>
    public long ReadInteger(string field)
    {
        Read();
        return CurrentInteger(field);
    }

    private readonly long CurrentInteger(string field)
    {
        const double LargestExact = 1e15;
        if (Type == JsonTokenType.Number && _reader.TryGetInt64(out long value))
        {
            return value;
        }

        if (Type == JsonTokenType.String
            && long.TryParse(_reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return value;
        }

        return ParsedNumber() is { } number && number == Math.Floor(number) && Math.Abs(number) < LargestExact
            ? (long)number
            : throw Wrong(field, "not an integer", "ids are whole numbers in COCO format");
    }

    /// <summary>Reads an id: a whole number, or a name that stands for one.</summary>
    /// <param name="field">The field, for messages.</param>
    /// <param name="byName">The id of a name; null where it is none.</param>
    public long ReadId(string field, Func<string, long?> byName)
    {
        Read();
        if (Type == JsonTokenType.String && ParsedNumber() is null)
        {
            return byName(Encoding.UTF8.GetString(_reader.ValueSpan)) ?? throw Wrong(
                field, "neither an id nor the name of an image",
                    "write the `id` of the annotation file, or an image's `file_name` with or without its extension");
        }

        return CurrentInteger(field);
    }

    /// <summary>Reads a text; null where the value is anything else.</summary>
    public string? ReadOptionalText()
    {
        Read();
        if (Type == JsonTokenType.String)
        {
            return Encoding.UTF8.GetString(_reader.ValueIsEscaped ? [] : _reader.ValueSpan);
        }

        SkipRest();
        return null;
    }

    public double ReadNumber(string field)
    {
        Read();
        return Type == JsonTokenType.Number && _reader.TryGetDouble(out double value) ? value
            : throw Wrong(field, "not a number", "write a plain decimal number");
    }

    /// <summary>Reads a number; text that is a number is that number, and null is one that is missing.</summary>
    public double? ReadOptionalNumber(string field)
    {
        Read();
        return Type == JsonTokenType.Null ? null : ParsedNumber() ?? throw Wrong(field, "not a number", "write a plain decimal number");
    }

    /// <summary>Reads a flag written as 0 or 1, as false or true, or as text; null is 0.</summary>
    public bool ReadFlag(string field)
    {
        Read();
        return Type switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False or JsonTokenType.Null => false,
            JsonTokenType.String when TruthValue.Parse(Encoding.UTF8.GetString(_reader.ValueSpan)) is { } text => text,
            _ => (ParsedNumber() ?? throw Wrong(field, "neither 0 nor 1", "write 0 or 1")) != 0,
        };
    }

    public string ReadText(string field)
    {
        Read();
        if (Type != JsonTokenType.String)
        {
            throw Error($"{field} is not a text", "put it in quotes");
        }

        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Error($"{field} is not valid UTF-8", "save the file in UTF-8", e);
        }
    }

    /// <summary>Reads <c>[x, y, width, height]</c>.</summary>
    public void ReadBox(scoped Span<double> box)
    {
        Expect(JsonTokenType.StartArray, "bbox to be [x, y, width, height]");
        for (int i = 0; i < 4; i++)
        {
            box[i] = ReadNumber("a value of bbox");
        }

        Expect(JsonTokenType.EndArray, "bbox to have four values");
    }

    public readonly RetortException Error(string problem, string remedy, Exception? cause = null) =>
        DataError.At(_source, Index < 0 ? Section : Section.Length == 0 ? $"entry {Index}" : $"{Section}[{Index}]", problem, remedy, cause);

    private readonly double? ParsedNumber() => Type switch
    {
        JsonTokenType.Number when _reader.TryGetDouble(out double value) => value,
        JsonTokenType.String when double.TryParse(_reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) => value,
        _ => null,
    };

    private readonly RetortException Wrong(string field, string problem, string remedy)
    {
        const int Longest = 40;
        string value = Encoding.UTF8.GetString(_reader.ValueSpan[..Math.Min(_reader.ValueSpan.Length, Longest)]);
        return Error(
            Type switch
            {
                JsonTokenType.String => $"{field} is \"{value}\", {problem}",
                JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => $"{field} is {value}, {problem}",
                _ => $"{field} is {problem}",
            },
            remedy);
    }

    // The reader's message ends with the position, which the caller words for people.
    private static string Reason(JsonException e) => e.Message.Split(" LineNumber:")[0].TrimEnd('.', ' ');

    /// <summary>Keeps what the reader has not consumed and reads on behind it.</summary>
    private void Refill()
    {
        int consumed = _start + (int)_reader.BytesConsumed;
        int rest = _filled - consumed;
        _buffer.AsSpan(consumed, rest).CopyTo(_buffer);
        Fill(rest);
        _start = 0;
        _reader = new Utf8JsonReader(_buffer.AsSpan(0, _filled), _ended, _reader.CurrentState);
    }

    private void Fill(int kept)
    {
        if (kept == _buffer.Length)
        {
            // One token is longer than the buffer.
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = _stream.ReadAtLeast(_buffer.AsSpan(kept), _buffer.Length - kept, throwOnEndOfStream: false);
        _filled = kept + read;
        _ended = _filled < _buffer.Length;
    }
}
