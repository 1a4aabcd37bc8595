using Retort.Core;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Evaluation.Dota;
using Retort.Torch;
using Retort.Training.Data;
using Retort.Training.Evaluating;
using Retort.Recipes;
using Retort.Vision.Data;
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
            File.WriteAllText(Path.Combine(_root, "labelTxt", name + ".txt"), name == "a" ? "10 10 30 10 30 20 10 20 ship 0\n"
                : "10 20 20 10 30 20 20 30 plane 0\n");
        }
    }

    public override void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        base.Dispose();
    }

    private static float[] Numbers(RotatedBox box) => [box.CentreX, box.CentreY, box.Width, box.Height, box.Angle];

    private IDetectionDataset Data(int maximumDifficulty = 100, params string[] folders)
    {
        DatasetOptions part = folders.Length == 0
            ? new DatasetOptions { Annotations = "labelTxt", Images = "images" }
            : new DatasetOptions
            {
                Union = [
                .. folders.Select(folder => new DataSourceOptions { Root = folder, Annotations = "labelTxt", Images = "images" })]
            };
        var data = new DataOptions
        {
            Format = DataFormat.Dota,
            Root = _root,
            Train = part,
            Angles = AngleConvention.Le90,
            MaximumDifficulty = maximumDifficulty
        };
        return RecipeDatasets.OpenForMeasuring(data, part, ["plane", "ship"]);
    }

    private static IEnumerable<ImageBatch> Batches(IDetectionDataset data) =>
        DataLoader.ForEvaluation(data, new PipelineOptions { Scales = [new(64, 48)] }, new DataLoaderOptions { EvaluationBatchSize = 2 })
            .Epoch(0);

    // The first object of each image, as a detector that takes the images two by two.
    private static BatchDetector Finding(IDetectionDataset data, Func<ObjectAnnotation, float[]> box)
    {
        int done = 0;
        return (images, _) =>
        {
            ObjectAnnotation[] objects = [.. Enumerable.Range(done, (int)images.Size(0)).Select(i => data[i].Objects[0])];
            done += objects.Length;
            return [.. objects.Select(o => new Detections(Boxes.Rotated(box(o)), [0.5f], [o.Label]))];
        };
    }

    private EvaluationResult Evaluate(EvaluationProtocol protocol, Func<ObjectAnnotation, float[]> box)
    {
        IDetectionDataset data = Data();
        return DetectorEvaluation.Run(Finding(data, box), data, Batches(data), Device.Cpu, BoxForm.Rotated, protocol: protocol);
    }

    // The files of both images again, in a folder of their own, with the labels of the other.
    private void AddFolderOfTheSameNames()
    {
        foreach (string folder in new[] { "labelTxt", "images" })
        {
            Directory.CreateDirectory(Path.Combine(_root, "more", folder));
        }

        foreach ((string name, string other) in new[] { ("a", "b"), ("b", "a") })
        {
            File.Copy(Path.Combine(_root, "images", name + ".png"), Path.Combine(_root, "more", "images", name + ".png"));
            File.Copy(Path.Combine(_root, "labelTxt", other + ".txt"), Path.Combine(_root, "more", "labelTxt", name + ".txt"));
        }
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
    public void A_detector_of_rotated_boxes_is_measured_as_one_where_no_picture_could_be_read()
    {
        IDetectionDataset data = Data();
        EvaluationResult result = DetectorEvaluation.Run(Finding(data, o => Numbers(o.Rotated!.Value)), data, [], Device.Cpu,
            BoxForm.Rotated, protocol: EvaluationProtocol.Coco);
        Assert.IsType<RotatedScores>(result.Scores);
        Assert.Equal((0, 0.0), (result.Rotated!.Detections.Count, result.Scores.AP));
    }

    [Fact]
    public void Images_of_one_name_are_measured_apart_and_not_written_as_one()
    {
        AddFolderOfTheSameNames();
        IDetectionDataset data = Data(folders: ["", "more"]);
        EvaluationResult result = DetectorEvaluation.Run(Finding(data, o => Numbers(o.Rotated!.Value)), data, Batches(data), Device.Cpu,
            BoxForm.Rotated, protocol: EvaluationProtocol.Voc07);
        Assert.Equal((4, 1.0), (result.Rotated!.Detections.Count, result.Scores.AP));
        string zip = Path.Combine(_root, "task1.zip");
        Assert.Contains("task1.zip: 2 images are named 'a'", Assert.Throws<RetortException>(() => result.WriteDetections(zip)).Message);
        Assert.False(File.Exists(zip));
    }

    [Fact]
    public void Difficult_objects_are_left_out_where_the_recipe_says_so()
    {
        File.AppendAllText(Path.Combine(_root, "labelTxt", "a.txt"), "40 10 60 10 60 20 40 20 ship 1\n");
        IDetectionDataset all = Data(), easy = Data(maximumDifficulty: 0);
        Assert.Equal((false, true), (all[0].Objects[1].Difficult, easy[0].Objects[1].Difficult));
        double Score(IDetectionDataset data) =>
            DetectorEvaluation.Run(Finding(data, o => Numbers(o.Rotated!.Value)), data, Batches(data), Device.Cpu, BoxForm.Rotated,
            protocol: EvaluationProtocol.Voc07).Scores.AP;
        Assert.Equal((1, true), (Score(easy), Score(all) < 0.8));
    }

    [Fact]
    public void Rotated_boxes_are_none_of_COCOs_results()
    {
        IDetectionDataset data = Data();
        Assert.Throws<ArgumentException>(
            () => DetectorEvaluation.Detect(Finding(data, o => Numbers(o.Rotated!.Value)), data, Batches(data), Device.Cpu));
    }

    [Fact]
    public void The_angle_counts()
    {
        EvaluationResult result = Evaluate(EvaluationProtocol.Coco,
            o => Numbers(o.Rotated!.Value with { Angle = o.Rotated.Value.Angle + 0.6f }));
        Assert.InRange(result.Scores.AP, 0.1, 0.6);
    }
}
