using System.Text.Json;

namespace Retort.Cli.Tests;

public sealed class EvalCommandTests : IDisposable
{
    private const string Truth = """
        {"images": [{"id": 1}, {"id": 2}],
         "categories": [{"id": 7, "name": "cat"}, {"id": 9, "name": "dog [big]"}],
         "annotations": [{"id": 1, "image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "area": 1600, "iscrowd": 0},
                         {"id": 2, "image_id": 2, "category_id": 7, "bbox": [10, 10, 40, 40], "area": 1600, "iscrowd": 0}]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CapturedCommand Eval(string results, params string[] more) => CapturedCommand.Run(
        ["eval", "--annotations", _folder.Write("gt.json", Truth), "--results", _folder.Write("results.json", results), .. more]);

    [Fact]
    public void The_table_and_the_twelve_numbers_are_printed()
    {
        CapturedCommand shown = Eval("""[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.StartsWith(
            """
              class       objects      AP    AP50    AP75      AR
            ───────────────────────────────────────────────────────
              cat               2   0.505   0.505   0.505   0.500
              dog [big]         0       -       -       -       -
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.505

            """.TrimEnd('\n'),
            shown.Output);
    }

    [Fact]
    public void The_numbers_are_written_as_json()
    {
        string file = Path.Combine(_folder.Path, "out.json");
        Assert.Equal($"The numbers are in {file}.\n", Eval("""[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""", "--json", file).Error);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(51.0 / 101, json.RootElement.GetProperty("AP").GetDouble(), 12);
        JsonElement cat = json.RootElement.GetProperty("classes")[0];
        Assert.Equal(("cat", 2), (cat.GetProperty("name").GetString(), cat.GetProperty("objects").GetInt32()));
    }

    [Theory]
    [InlineData("""[{"image_id": 5, "category_id": 7, "bbox": [1, 1, 4, 4], "score": 0.9}]""")]
    [InlineData("""[{"image_id": 1, "category_id": 8, "bbox": [1, 1, 4, 4], "score": 0.9}]""")]
    [InlineData("""[{"image_id": 1""")]
    [InlineData("")]
    public void Detections_that_cannot_be_measured_are_refused(string results)
    {
        CapturedCommand shown = Eval(results);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.StartsWith("retort: ", shown.Error);
        Assert.Contains("results.json", shown.Error);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        CapturedCommand shown = CapturedCommand.Run("eval", "--annotations", Path.Combine(_folder.Path, "none.json"), "--results", "x.json");
        Assert.Equal(2, shown.Code);
        Assert.Contains("none.json", shown.Error);
    }
}
