using System.Text.Json;

namespace Retort.Evaluation.Coco;

/// <summary>Writes the COCO results format.</summary>
internal static class CocoDetectionsWriter
{
    private const int FlushBytes = 1 << 16;

    public static void Write(Stream stream, CocoDetections detections)
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartArray();
        for (int i = 0; i < detections.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("image_id"u8, detections.ImageIds[i]);
            json.WriteNumber("category_id"u8, detections.CategoryIds[i]);
            json.WriteStartArray("bbox"u8);
            foreach (double value in detections.Boxes.Slice(4 * i, 4))
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
            json.WriteNumber("score"u8, detections.Scores[i]);
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }
}
