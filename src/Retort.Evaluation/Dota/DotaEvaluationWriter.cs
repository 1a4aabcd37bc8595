using System.Globalization;
using System.Text.Json;

namespace Retort.Evaluation.Dota;

/// <summary>Writes a result as JSON: the means by name, then <c>classes</c>.</summary>
internal static class DotaEvaluationWriter
{
    public static void Write(Stream stream, DotaEvaluation result, IReadOnlyList<string> classNames)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("AP", result.AP);
        for (int t = 0; t < result.Options.Thresholds.Count; t++)
        {
            json.WriteNumber(NameOf(result.Options.Thresholds[t]), result.MeanAP(t));
        }

        json.WriteStartArray("classes");
        foreach (DotaClassResult item in result.Classes)
        {
            json.WriteStartObject();
            json.WriteString("name", classNames[item.Class]);
            json.WriteNumber("objects", item.Objects);
            json.WriteNumber("detections", item.Detections);
            json.WriteNumber("AP", item.MeanAP);
            for (int t = 0; t < item.AP.Count; t++)
            {
                json.WriteNumber(NameOf(result.Options.Thresholds[t]), item.AP[t]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>AP50 for 0.5.</summary>
    public static string NameOf(double threshold) => "AP" + Math.Round(100 * threshold, 2).ToString(CultureInfo.InvariantCulture);
}
