using Retort.Detection.Dense;
using Retort.Evaluation.Dota;
using Retort.Torch;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Training.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Geometry;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Training.Tests.Evaluating;

/// <summary>From a recipe's DOTA data and a detector's rotated boxes to scores and result files.</summary>
public sealed class RotatedEvaluationTests : TensorTest
{
    private readonly string _root = Directory.CreateTempSubdirectory("retort-rotated-").FullName;

    public RotatedEvaluationTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "labelTxt"));
        Directory.CreateDirectory(Path.Combine(_root, "images"));
        foreach (string name in new[] { "a", "b" })
        {
            using var image = new Image(64, 48);
            image.Pixels.Fill(80);
            ImageEncoder.Write(Path.Combine(_root, "images", name + ".png"), image);
            File.WriteAllText(Path.Combine(_root, "labelTxt", name + ".txt"), name == "a" ? "10 10 30 10 30 20 10 20 ship 0\n" : "10 20 20 10 30 20 20 30 plane 0\n");
        }
    }

    public override void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        base.Dispose();
    }

    private static float[] Numbers(RotatedBox box) => [box.CentreX, box.CentreY, box.Width, box.Height, box.Angle];

    private EvaluationResult Evaluate(EvaluationProtocol protocol, Func<ObjectAnnotation, float[]> box)
    {
        var part = new DatasetOptions { Annotations = "labelTxt", Images = "images" };
        IDetectionDataset data = RecipeDatasets.OpenForMeasuring(new DataOptions { Format = DataFormat.Dota, Root = _root, Train = part, Angles = AngleConvention.Le90 }, part);
        DataLoader loader = DataLoader.ForEvaluation(data, new PipelineOptions { Rescale = new RescaleOptions { Scales = [new(64, 48)] } }, new DataLoaderOptions { BatchSize = 2 });
        return DetectorEvaluation.Run(
            (_, _) => [.. Enumerable.Range(0, data.Count).Select(i => new Detections(box(data[i].Objects[0]), [0.5f], [data[i].Objects[0].Label]) { Edges = 5 })],
            data, loader.Epoch(0), Device.Cpu, protocol: protocol);
    }

    [Theory]
    [InlineData(EvaluationProtocol.Coco)]
    [InlineData(EvaluationProtocol.Voc07)]
    public void Exact_boxes_score_one_and_are_written_for_the_server(EvaluationProtocol protocol)
    {
        EvaluationResult result = Evaluate(protocol, o => Numbers(o.Rotated!.Value));
        Assert.Equal([1.0, 1, 1], [result.Scores.AP, result.Scores.AP50, result.Metric(EvaluationMetric.Ap75)]);
        Assert.Equal("AP95", result.Scores.Numbers[^1].Name);
        result.WriteDetections(Path.Combine(_root, "task1.zip"));
        Assert.Equal(["plane", "ship"], Task1Reader.ClassesIn(Path.Combine(_root, "task1.zip")));
        Assert.Equal(["a", "b"], result.Rotated!.ImageNames);
    }

    [Fact]
    public void The_angle_counts()
    {
        EvaluationResult result = Evaluate(EvaluationProtocol.Coco, o => Numbers(o.Rotated!.Value with { Angle = o.Rotated.Value.Angle + 0.6f }));
        Assert.InRange(result.Scores.AP, 0.1, 0.6);
    }
}
