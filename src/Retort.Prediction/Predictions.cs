using System.Text;
using System.Text.Json;
using Retort.Core;
using Retort.Core.Files;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Vision.Data;
using Retort.Vision.Drawing;

namespace Retort.Prediction;

/// <summary>Detections as drawings and as JSON.</summary>
public static class Predictions
{
    /// <summary>The detections that reach a score, in the form that drawing wants.</summary>
    public static IReadOnlyList<DrawnBox> Drawn(Detections found, double threshold) =>
        [.. Enumerable.Range(0, found.Count).Where(k => found.Scores[k] >= threshold).Select(k => Drawn(found, k))];

    /// <summary>Writes all detections, one per line: a list of images, each with its detections (class, score, box as x1, y1, x2, y2 in
    /// pixels; a rotated box as centre x and y, width, height and angle in radians, clockwise, and its four corners as polygon).</summary>
    /// <param name="path">The file.</param>
    /// <param name="all">The images, the files beside this one that they were drawn into, if any, and the detections in them.</param>
    /// <param name="classNames">Class names by label.</param>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void WriteJson(string path, IEnumerable<(string Picture, string? Drawn, Detections Found)> all,
        IReadOnlyList<string> classNames) => AtomicFile.Write(path, stream =>
    {
        using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        string separator = "[";
        foreach ((string picture, string? drawn, Detections found) in all)
        {
            text.Write($"{separator}\n{{\"picture\": {Quoted(picture)}{(drawn is null ? "" : $", \"drawn\": {Quoted(drawn)}")}, "
                + "\"detections\": [");
            text.Write(string.Join(',', Enumerable.Range(0, found.Count).Select(k => "\n  " + Line(found, k, classNames))));
            text.Write("]}");
            separator = ",";
        }

        text.WriteLine(separator == "[" ? "[]" : "\n]");
    });

    private static DrawnBox Drawn(Detections found, int k) =>
        new(found.Boxes.Enclosing(k), found.Labels[k], found.Scores[k], Rotated: Rotated(found, k));

    private static RotatedBox? Rotated(Detections found, int k) => found.Boxes.Form == BoxForm.Rotated ? found.Boxes.RotatedAt(k) : null;

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Line(Detections found, int k, IReadOnlyList<string> classNames)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            WriteDetection(json, found, k, classNames);
        }

        return Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
    }

    private static void WriteDetection(Utf8JsonWriter json, Detections found, int k, IReadOnlyList<string> classNames)
    {
        json.WriteStartObject();
        json.WriteString("class", classNames[found.Labels[k]]);
        json.WriteNumber("score", found.Scores[k]);
        json.WriteStartArray("box");
        foreach (float edge in found.Boxes[k])
        {
            json.WriteNumberValue(edge);
        }

        json.WriteEndArray();
        if (Rotated(found, k) is { } rotated)
        {
            json.WriteStartArray("polygon");
            foreach (double coordinate in rotated.Corners.BeginningTopLeft().ToArray())
            {
                json.WriteNumberValue(coordinate);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
