using System.Text.Json;

namespace Retort.Evaluation.Voc;

/// <summary>Writes a result as JSON: the eleven numbers by name, then <c>classes</c>.</summary>
internal static class VocSummaryWriter
{
    public static void Write(Stream stream, VocSummary result)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        for (int i = 0; i < VocSummary.Names.Count; i++)
        {
            json.WriteNumber(VocSummary.Names[i], result.Values[i]);
        }

        json.WriteStartArray("classes");
        for (int k = 0; k < result.ClassNames.Count; k++)
        {
            json.WriteStartObject();
            json.WriteString("name", result.ClassNames[k]);
            json.WriteNumber("objects", result.Thresholds[0].Classes[k].Objects);
            json.WriteNumber("detections", result.Detections[k]);
            json.WriteNumber("mean_AP", result.MeanOfClass(k));
            WriteList(json, "recall", result.Thresholds.Select(t => t.Classes[k].FinalRecall));
            WriteList(json, "AP", result.Thresholds.Select(t => t.Classes[k].AP));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
