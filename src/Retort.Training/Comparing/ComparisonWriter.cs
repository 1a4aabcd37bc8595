using System.Text.Json;
using Retort.Core;
using Retort.Core.Files;
using Retort.Distillation;

namespace Retort.Training.Comparing;

/// <summary>
/// Comparisons as JSON: a list of students, each with its measures by name, a number a pyramid level; null where a measure is not defined.
/// </summary>
public static class ComparisonWriter
{
    /// <summary>Writes the file; it appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="students">What the students are called.</param>
    /// <param name="results">Their results.</param>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<string> students, IReadOnlyList<PairComparison> results) =>
        AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
        foreach ((string student, PairComparison result) in students.Zip(results))
        {
            Write(json, student, result);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, string student, PairComparison result)
    {
        json.WriteStartObject();
        json.WriteString("student", student);
        json.WriteNumber("images", result.Images);
        foreach (AgreementMeasure measure in PairAgreement.Measures)
        {
            json.WriteStartArray(JsonNamingPolicy.CamelCase.ConvertName(measure.ToString()));
            foreach (IReadOnlyList<double> level in result.Levels)
            {
                WriteNumber(json, level[(int)measure]);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsNaN(value))
        {
            json.WriteNullValue();
        }
        else
        {
            json.WriteNumberValue(value);
        }
    }
}
