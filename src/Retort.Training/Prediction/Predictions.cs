using System.Text.Json;
using Retort.Detection.Dense;
using Retort.IO;
using Retort.Vision.Data;
using Retort.Vision.Drawing;
using Retort.Vision.Geometry;

namespace Retort.Training.Prediction;

/// <summary>Detections as pictures and as json.</summary>
public static class Predictions
{
    /// <summary>The detections that reach a score, in the form that drawing wants.</summary>
    public static IReadOnlyList<DrawnBox> Drawn(Detections found, double threshold) =>
        [.. Enumerable.Range(0, found.Count).Where(k => found.Scores[k] >= threshold).Select(k => Drawn(found, k))];

    /// <summary>Writes all detections: a list of pictures, each with its detections (class, score, box as x1, y1, x2, y2 in pixels; a rotated box as
    /// centre x and y, width, height and angle in radians, with the clock, and its four corners as polygon).</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteJson(string path, IEnumerable<(string Picture, Detections Found)> all, IReadOnlyList<string> classNames) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach ((string picture, Detections found) in all)
        {
            json.WriteStartObject();
            json.WriteString("picture", picture);
            json.WriteStartArray("detections");
            for (int k = 0; k < found.Count; k++)
            {
                WriteDetection(json, found, k, classNames);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static DrawnBox Drawn(Detections found, int k)
    {
        RotatedBox? rotated = Rotated(found, k);
        Box box = rotated?.Enclosing ?? new Box(found.Boxes[4 * k], found.Boxes[(4 * k) + 1], found.Boxes[(4 * k) + 2], found.Boxes[(4 * k) + 3]);
        return new DrawnBox(box, found.Labels[k], found.Scores[k], Rotated: rotated);
    }

    private static RotatedBox? Rotated(Detections found, int k) => found.Edges == 5
        ? new RotatedBox(found.Boxes[5 * k], found.Boxes[(5 * k) + 1], found.Boxes[(5 * k) + 2], found.Boxes[(5 * k) + 3], found.Boxes[(5 * k) + 4])
        : null;

    private static void WriteDetection(Utf8JsonWriter json, Detections found, int k, IReadOnlyList<string> classNames)
    {
        json.WriteStartObject();
        json.WriteString("class", classNames[found.Labels[k]]);
        json.WriteNumber("score", found.Scores[k]);
        json.WriteStartArray("box");
        foreach (float edge in found.Boxes.AsSpan(found.Edges * k, found.Edges))
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
