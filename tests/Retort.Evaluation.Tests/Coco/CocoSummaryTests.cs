using System.Text.Json;
using Retort.Evaluation.Coco;

namespace Retort.Evaluation.Tests.Coco;

public sealed class CocoSummaryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("retort-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Text_is_in_the_customary_wording()
    {
        const string expected = """
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets=100 ] = 0.500
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 1.000
             Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.000
             Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.500
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.500
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 0.500
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= small | maxDets=100 ] = 1.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = 0.000
             Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets=100 ] = -1.000

            """;
        Assert.Equal(expected, Half().Summary.ToText());
    }

    [Fact]
    public void Text_names_the_limits_that_were_counted()
    {
        string[] lines = Half(CocoEvaluationOptions.ReferenceMaxDetections).Summary.ToText().Split('\n');
        string[] limits = [.. lines[..12].Select(line => line.Split("maxDets=")[1][..4].Trim())];
        Assert.Equal(["100", "1000", "1000", "1000", "1000", "1000", "100", "300", "1000", "1000", "1000", "1000"], limits);
    }

    [Fact]
    public void Json_has_the_twelve_numbers_and_the_classes()
    {
        string path = Path.Combine(_folder.FullName, "result.json");
        CocoEvaluation result = Half();
        result.WriteJson(path);

        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(CocoSummary.Names, json.RootElement.EnumerateObject().Select(p => p.Name).SkipLast(1));
        Assert.Equal(result.Summary.Values, CocoSummary.Names.Select(name => json.RootElement.GetProperty(name).GetDouble()));
        JsonElement cat = json.RootElement.GetProperty("classes")[0];
        Assert.Equal((1, "cat", 1), (cat.GetProperty("id").GetInt64(), cat.GetProperty("name").GetString(), cat.GetProperty("objects")
            .GetInt32()));
        Assert.Equal(result.Classes[0].AP, cat.GetProperty("AP").GetDouble());
    }

    // The small object is found, the medium one is not, and there is no large one.
    private static CocoEvaluation Half(CocoEvaluationOptions? options = null) =>
        CocoEvaluator.Evaluate(CocoSamples.TwoImages, CocoSamples.Detections((1, 1, [10, 10, 20, 20], 0.5)), options);
}
