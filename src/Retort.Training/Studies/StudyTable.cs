using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Retort.Core;
using Retort.Core.Files;
using static System.FormattableString;

namespace Retort.Training.Studies;

/// <summary>The results of a study as a table: cells for a screen, a page of Markdown, and JSON with every run.</summary>
/// <param name="results">The results.</param>
public sealed class StudyTable(StudyResults results)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The headings: the row's label, then columns of numbers.</summary>
    public IReadOnlyList<string> Headings =>
        ["row", .. results.Metrics, $"against {results.Study.Base.Name}", "paper", "epochs", "hours"];

    /// <summary>The cells of each row; what is not known yet is a dash.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => [.. results.Rows.Select(Cells)];

    /// <summary>The table as a page of Markdown.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {results.Study.Title}\n\n");
        text.Append("Average precision in percent after the last epoch, measured as each recipe says; of several seeds the mean and the "
            + "sample standard deviation.\n\n");
        AppendLine(text, Headings);
        AppendLine(text, Headings.Select((_, column) => column == 0 ? "---" : "---:"));
        foreach (IReadOnlyList<string> row in Rows)
        {
            AppendLine(text, row);
        }

        return text.ToString();
    }

    /// <summary>Everything that was measured, as fractions of 1, by row and by run.</summary>
    public string ToJson() => new JsonObject
    {
        ["study"] = results.Study.Name,
        ["title"] = results.Study.Title,
        ["base"] = results.Study.Base.Name,
        ["rows"] = new JsonArray([.. results.Rows.Select(ToNode)]),
    }.ToJsonString(s_indented) + "\n";

    /// <summary>Writes <c>results.md</c> and <c>results.json</c> into the study's folder.</summary>
    /// <exception cref="RetortException">The folder cannot be written.</exception>
    public void Save()
    {
        Write("results.md", ToMarkdown());
        Write("results.json", ToJson());
    }

    private void Write(string name, string text) =>
        AtomicFile.Write(Path.Combine(results.Study.Folder, name), file => file.Write(Encoding.UTF8.GetBytes(text)), createFolder: true);

    private static void AppendLine(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private IReadOnlyList<string> Cells(StudyRowResult row) =>
    [
        row.Row.Label,
        .. results.Metrics.Select(metric => row.Metric(metric) is { } value ? Percent(value) : "-"),
        results.Difference(row) is { } difference ? Invariant($"{100 * difference:+0.0;-0.0;0.0}") : "-",
        row.Row.Reported is not { } reported ? "-" : results.ReportedDifference(row) is { } better
            ? Invariant($"{reported:0.0} ({better:+0.0;-0.0;0.0})") : Invariant($"{reported:0.0}"),
        Epochs(row),
        row.Hours is { } hours ? Invariant($"{hours:0.00}") : "-",
    ];

    private static string Percent((double Mean, double? Deviation) value) =>
        value.Deviation is { } deviation ? Invariant($"{100 * value.Mean:0.0} ± {100 * deviation:0.0}")
            : Invariant($"{100 * value.Mean:0.0}");

    private static string Epochs(StudyRowResult row)
    {
        (int seeds, int of) = (row.Runs.Count, row.Runs[0].Result.OfEpochs);
        return seeds == 1
            ? row.Complete == 1 ? Invariant($"{of}") : Invariant($"{row.Runs[0].Result.Epochs}/{of}")
            : row.Complete == seeds ? Invariant($"{of} x {seeds}") : Invariant($"{of} x {row.Complete}/{seeds}");
    }

    private JsonObject ToNode(StudyRowResult row)
    {
        var metrics = new JsonObject();
        foreach (string metric in row.Runs.SelectMany(r => r.Result.Metrics.Keys).Distinct())
        {
            if (row.Metric(metric) is { } value)
            {
                metrics[metric] = new JsonObject { ["mean"] = value.Mean, ["deviation"] = value.Deviation };
            }
        }

        return new JsonObject
        {
            ["name"] = row.Row.Name,
            ["label"] = row.Row.Label,
            ["recipe"] = row.Row.RecipeName,
            ["teacher"] = row.Row.Teacher?.Name,
            ["complete"] = row.Complete == row.Runs.Count,
            ["metrics"] = metrics,
            ["difference"] = results.Difference(row),
            ["paper"] = row.Row.Reported / 100,
            ["hours"] = row.Hours,
            ["runs"] = new JsonArray([.. row.Runs.Select(r => ToNode(r.Run, r.Result))]),
        };
    }

    private static JsonObject ToNode(StudyRun run, StudyRunResult result) => new()
    {
        ["folder"] = run.Folder.Path,
        ["seed"] = run.Recipe.Seed,
        ["epochs"] = result.Epochs,
        ["ofEpochs"] = result.OfEpochs,
        ["seconds"] = result.Seconds,
        ["metrics"] = new JsonObject(result.Metrics.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
    };
}
