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
        Assert.Equal(
            $"The numbers are in {file}.\n",
            Eval("""[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""", "--json", file).Error);
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

    [Theory]
    [InlineData("--merge is for rotated boxes", "--merge")]
    [InlineData("--reference-print is for rotated boxes", "--reference-print")]
    public void Options_for_rotated_boxes_are_refused_for_others(string message, params string[] options)
    {
        CapturedCommand shown = Eval("""[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""", options);
        TrainCommandTests.Refused(shown, message);
        Assert.Empty(shown.Output);
    }

    [Fact]
    public void Detections_of_a_checkpoint_are_not_merged() =>
        TrainCommandTests.Refused(CapturedCommand.Run("eval", "none.ckpt", "--merge"), "--merge belongs to --results");

    [Fact]
    public void Vocs_table_has_recall_and_AP_of_each_class_at_an_IoU_and_AP_over_all()
    {
        // The second box overlaps its object by .775: a hit up to IoU .75.
        CapturedCommand shown = Eval(
            """
            [{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9},
             {"image_id": 2, "category_id": 7, "bbox": [10, 10, 40, 31], "score": 0.8},
             {"image_id": 2, "category_id": 7, "bbox": [100, 100, 9, 9], "score": 0.7}]
            """,
            "--protocol", "voc12", "--at-iou", "90");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Equal(
            """
              class       objects   detections   recall90    AP90      AP
            ───────────────────────────────────────────────────────────────
              cat               2            3      0.500   0.500   0.800
              dog [big]         0            0          -       -       -
              mean              2            3              0.500   0.800
            AP 0.8000: the mean over IoU .50 to .95, by area
            AP50 1.0000  AP55 1.0000  AP60 1.0000  AP65 1.0000  AP70 1.0000  AP75 1.0000  AP80 0.5000  AP85 0.5000  AP90 0.5000  AP95 0.5000

            """,
            shown.Output);
    }

    [Theory]
    [InlineData("voc07", 6.0 / 11)]
    [InlineData("voc12", 0.5)]
    public void Both_interpolations_of_voc_can_be_chosen(string protocol, double expected)
    {
        string file = Path.Combine(_folder.Path, "out.json");
        Assert.Equal(0, Eval("""[{"image_id": 1, "category_id": 7, "bbox": [10, 10, 40, 40], "score": 0.9}]""", "--protocol", protocol,
            "--json", file).Code);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(expected, json.RootElement.GetProperty("AP").GetDouble(), 12);
        Assert.Equal(expected, json.RootElement.GetProperty("AP95").GetDouble(), 12);
        JsonElement cat = json.RootElement.GetProperty("classes")[0];
        Assert.Equal((2, 1, 0.5), (cat.GetProperty("objects").GetInt32(), cat.GetProperty("detections").GetInt32(),
            cat.GetProperty("recall")[0].GetDouble()));
    }

    [Fact]
    public void A_voc_folder_is_measured_against_and_its_difficult_objects_do_not_count()
    {
        _folder.Write("voc/ImageSets/Main/test.txt", "a\nb\n");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "voc/JPEGImages"));
        foreach ((string name, int difficult) in new[] { ("a", 0), ("b", 1) })
        {
            _folder.Write($"voc/Annotations/{name}.xml", $"""
                <annotation><size><width>100</width><height>80</height></size><object><name>cat</name><difficult>{difficult}</difficult>
                <bndbox><xmin>11</xmin><ymin>11</ymin><xmax>51</xmax><ymax>51</ymax></bndbox></object></annotation>
                """);
        }

        string results = _folder.Write("r.json", """
            [{"image_id": 1, "category_id": 1, "bbox": [10, 10, 40, 40], "score": 0.5}, {"image_id": 2, "category_id": 1, "bbox": [10, 10, 40, 40], "score": 0.9}]
            """);
        string root = Path.Combine(_folder.Path, "voc");
        CapturedCommand shown = CapturedCommand.Run("eval", "--annotations", root, "--split", "test", "--results", results, "--protocol",
            "voc07");
        Assert.True(shown.Code == 0, shown.Error);
        Assert.Contains("  cat           1            2      1.000   1.000   1.000", shown.Output);
        Assert.Contains("by eleven points", shown.Output);
        string Refusal(params string[] more) => CapturedCommand.Run(["eval", "--results", results, .. more]).Error;
        Assert.Contains("needs --split", Refusal("--annotations", root));
        Assert.Contains("there is no such split", Refusal("--annotations", root, "--split", "tset"));
        Assert.Contains("--split is for a VOC folder", Refusal("--annotations", results, "--split", "test"));
    }

    [Theory]
    [InlineData("--at-iou is for VOC's table", "--at-iou", "75")]
    [InlineData("--at-iou is 51; it is one of 50, 55,", "--at-iou", "51", "--protocol", "voc07")]
    [InlineData("--reference-max-detections is for COCO's metrics", "--protocol", "voc12", "--reference-max-detections")]
    [InlineData("--set has no meaning with --results", "--set", "device=cpu")]
    [InlineData("--device has no meaning with --results", "--device", "cpu")]
    [InlineData("--save-results has no meaning with --results", "--save-results", "x.json")]
    [InlineData("--images has no meaning with --results", "--images", "photos")]
    [InlineData("a checkpoint has no meaning with --results", "best.ckpt")]
    [InlineData("'voc' not recognized", "--protocol", "voc")]
    public void Options_that_would_do_nothing_are_refused(string expected, params string[] more)
    {
        CapturedCommand shown = Eval("[]", more);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Contains(expected, shown.Error);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        CapturedCommand shown = CapturedCommand.Run("eval", "--annotations", Path.Combine(_folder.Path, "none.json"), "--results",
            _folder.Write("x.json", "[]"));
        Assert.Equal(2, shown.Code);
        Assert.Contains("none.json", shown.Error);
    }
}
