using System.Text.Json;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Vision.Drawing;

namespace Retort.Prediction.Tests;

public class PredictionsTests
{
    private static readonly Detections Rotated = new(Boxes.Rotated(20, 30, 16, 8, 0.5f, 60, 60, 10, 10, 1.2f), [0.9f, 0.2f], [1, 0]);

    [Fact]
    public void Rotated_detections_are_drawn_as_such()
    {
        DrawnBox box = Assert.Single(Predictions.Drawn(Rotated, 0.5));
        var shape = new RotatedBox(20, 30, 16, 8, 0.5f);
        Assert.Equal(new DrawnBox(shape.Enclosing, 1, 0.9f, Rotated: shape), box);
    }

    [Fact]
    public void Horizontal_detections_are_drawn_as_before()
    {
        DrawnBox box = Assert.Single(Predictions.Drawn(new Detections(Boxes.Upright(1, 2, 3, 4), [0.9f], [0]), 0.5));
        Assert.Equal(new DrawnBox(new Box(1, 2, 3, 4), 0, 0.9f), box);
    }

    [Fact]
    public void Each_detection_has_a_line()
    {
        string folder = Directory.CreateTempSubdirectory("retort-").FullName, path = Path.Combine(folder, "predictions.json");
        Predictions.WriteJson(path, [("in \"quotes\".jpg", "a.jpg",
            new Detections(Boxes.Upright(1, 2.5f, 3, 4, 5, 6, 7, 8), [0.9f, 0.5f], [0, 1])),
            ("b.jpg", null, new Detections(Boxes.None, [], []))], ["car", "ship"]);
        Assert.Equal(
            """
            [
            {"picture": "in \u0022quotes\u0022.jpg", "drawn": "a.jpg", "detections": [
              {"class":"car","score":0.9,"box":[1,2.5,3,4]},
              {"class":"ship","score":0.5,"box":[5,6,7,8]}]},
            {"picture": "b.jpg", "detections": []}
            ]

            """,
            File.ReadAllText(path));
        Assert.Equal("in \"quotes\".jpg", JsonDocument.Parse(File.ReadAllText(path)).RootElement[0].GetProperty("picture").GetString());
        Predictions.WriteJson(path, [], []);
        Assert.Equal("[]\n", File.ReadAllText(path));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_json_has_five_numbers_and_the_corners()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("retort-").FullName, "predictions.json");
        Predictions.WriteJson(path, [("a.jpg", null, Rotated)], ["car", "ship"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement first = json.RootElement[0].GetProperty("detections")[0];
        Assert.Equal("ship", first.GetProperty("class").GetString());
        Assert.Equal([20, 30, 16, 8, 0.5f], first.GetProperty("box").Deserialize<float[]>()!);
        double[] expected = new RotatedBox(20, 30, 16, 8, 0.5f).Corners.BeginningTopLeft().ToArray();
        Assert.Equal(expected, first.GetProperty("polygon").Deserialize<double[]>()!);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }
}
