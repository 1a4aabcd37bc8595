using System.Text.Json;
using Retort.Core.Geometry;

namespace Retort.Benchmarks;

/// <summary>Writes the workload's annotation file in COCO format.</summary>
internal static class CocoWorkloadWriter
{
    // The share of the box that a mask usually fills.
    private const double MaskShare = 0.6;

    public static void Write(string path, int images, int categories, TruthColumns truth)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        json.WriteStartObject();
        WriteIds(json, "images", 0, images);
        json.WriteStartArray("annotations");
        for (int i = 0; i < truth.Count; i++)
        {
            WriteAnnotation(json, i, truth);
        }

        json.WriteEndArray();
        WriteIds(json, "categories", 1, categories);
        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, string section, int first, int count)
    {
        json.WriteStartArray(section);
        for (int i = first; i < first + count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", i);
            json.WriteString("name", $"{section} {i}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnnotation(Utf8JsonWriter json, int index, TruthColumns truth)
    {
        ReadOnlySpan<double> box = truth.Box(index);
        json.WriteStartObject();
        json.WriteNumber("id", index + 1);
        json.WriteNumber("image_id", truth.ImageIds[index]);
        json.WriteNumber("category_id", truth.CategoryIds[index]);
        json.WriteNumber("iscrowd", truth.Crowd[index] ? 1 : 0);
        json.WriteNumber("area", Math.Round(box[2] * box[3] * MaskShare, 2));
        json.WriteStartArray("bbox");
        foreach (double value in box)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
