using System.Text.Json;

namespace Retort.Evaluation.Coco;

/// <summary>Writes a result as JSON: the twelve numbers by name, then <c>classes</c>.</summary>
internal static class CocoEvaluationWriter
{
    public static void Write(Stream stream, CocoEvaluation result)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        for (int i = 0; i < CocoSummary.Names.Count; i++)
        {
            json.WriteNumber(CocoSummary.Names[i], result.Summary.Values[i]);
        }

        json.WriteStartArray("classes");
        foreach (CocoClassResult item in result.Classes)
        {
            json.WriteStartObject();
            json.WriteNumber("id", item.Category.Id);
            json.WriteString("name", item.Category.Name);
            json.WriteNumber("objects", item.Objects);
            json.WriteNumber("AP", item.AP);
            json.WriteNumber("AP50", item.AP50);
            json.WriteNumber("AP75", item.AP75);
            json.WriteNumber("AR100", item.AR100);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
