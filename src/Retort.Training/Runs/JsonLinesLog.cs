using System.Buffers;
using System.Text.Json;
using Retort.Core.Files;

namespace Retort.Training.Runs;

/// <summary>
/// A log of JSON objects, one a line, each with the iteration it belongs to. A line is written with one call, so that a reader or a killed
/// run sees whole lines, except perhaps the last; resuming drops that one and everything after the checkpoint.
/// </summary>
public sealed class JsonLinesLog : IDisposable
{
    private const string KindKey = "kind";
    private const string IterationKey = "iteration";
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _line = new();

    private JsonLinesLog(string path)
    {
        _path = path;
        _file = UserFiles.Guard(path, FileUse.WriteFile, () => new FileStream(
            path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>Starts an empty log in place of whatever was there.</summary>
    /// <param name="path">The file.</param>
    public static JsonLinesLog Create(string path)
    {
        UserFiles.Guard(path, FileUse.WriteFile, () => File.WriteAllBytes(path, []));
        return new JsonLinesLog(path);
    }

    /// <summary>Continues a log as if the run had stopped right after an iteration.</summary>
    /// <param name="path">The file; it may be missing.</param>
    /// <param name="iteration">Lines of later iterations are removed.</param>
    public static JsonLinesLog Resume(string path, long iteration) => Resume(path, (_, at) => at <= iteration);

    /// <summary>Continues a log where it had some of its lines.</summary>
    /// <param name="path">The file; it may be missing.</param>
    /// <param name="keep">Told kind and iteration of each line; what it refuses is removed.</param>
    public static JsonLinesLog Resume(string path, Func<string, long, bool> keep)
    {
        if (File.Exists(path))
        {
            string kept = string.Concat(WholeLines(path).Where(l => keep(l.Kind, l.Iteration)).Select(l => l.Text + "\n"));
            AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(kept)));
        }

        return new JsonLinesLog(path);
    }

    /// <summary>The lines of a log that are whole, in their order.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyList<JsonElement> Read(string path) =>
        [.. WholeLines(path).Select(l => JsonSerializer.Deserialize<JsonElement>(l.Text))];

    /// <summary>Adds a line.</summary>
    /// <param name="kind">What the line is about, such as <c>train</c> or <c>eval</c>.</param>
    /// <param name="iteration">The steps made when it is written.</param>
    /// <param name="values">Names and values in the order to write; what is not finite is written as text, since JSON has no such
    /// numbers.</param>
    public void Write(string kind, long iteration, params IEnumerable<(string Name, double Value)> values)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString(KindKey, kind);
            json.WriteNumber(IterationKey, iteration);
            foreach ((string name, double value) in values)
            {
                WriteValue(json, name, value);
            }

            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        UserFiles.Guard(_path, FileUse.WriteFile, () => _file.Write(_line.WrittenSpan));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static void WriteValue(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static IEnumerable<(string Text, string Kind, long Iteration)> WholeLines(string path)
    {
        foreach (string text in UserFiles.ReadLines(path))
        {
            if (TryReadLine(text, out string kind, out long iteration))
            {
                yield return (text, kind, iteration);
            }
        }
    }

    private static bool TryReadLine(string text, out string kind, out long iteration)
    {
        (kind, iteration) = ("", 0);
        try
        {
            using JsonDocument line = JsonDocument.Parse(text);
            if (line.RootElement.ValueKind != JsonValueKind.Object
                || !line.RootElement.TryGetProperty(IterationKey, out JsonElement at)
                || !at.TryGetInt64(out iteration))
            {
                return false;
            }

            kind = line.RootElement.TryGetProperty(KindKey, out JsonElement named) ? named.GetString() ?? "" : "";
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What a killed run left of its last line, or a line that is damaged: an iteration of another type, text that is not Unicode.
            return false;
        }
    }
}
