using System.IO.Compression;
using System.Text.Json;
using Retort.Detection.PostProcessing;
using Retort.Evaluation.Dota;

namespace Retort.Cli.Tests;

/// <summary>A detector of rotated boxes through every command, on a few drawn images in DOTA's layout.</summary>
public sealed class RotatedCommandTests(TinyRotatedData data) : LeakCheckedTest, IClassFixture<TinyRotatedData>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Weights(string run) => Path.Combine(_folder.Path, "runs", run, "last.ckpt");

    void IDisposable.Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    [Fact]
    public void A_detector_of_rotated_boxes_is_trained_teaches_is_measured_published_and_predicts()
    {
        string student = WriteRecipes();
        Run("train", Path.Combine(_folder.Path, "teacher.yaml"));
        Run("distill", student);
        string[] log = File.ReadAllLines(Path.Combine(_folder.Path, "runs", "student", "log.jsonl"));
        Assert.All(["loss_cls", "loss_bbox", "loss_ld", "loss_ld_vlr", "loss_kd"],
            term => Assert.Contains(log, line => line.Contains($"\"{term}\":")));

        string zip = Path.Combine(_folder.Path, "task1.zip");
        Assert.Contains("AP50", Run("eval", Weights("student"), "--save-results", zip));
        using (ZipArchive archive = ZipFile.OpenRead(zip))
        {
            Assert.Equal(["Task1_roof.txt", "Task1_ship.txt"], archive.Entries.Select(e => e.Name).Order());
        }

        // Other data than the recipe's; here they are the same.
        string labels = Path.Combine(data.Folder, "val", "labelTxt"), pictures = Path.Combine(data.Folder, "val", "images");
        Assert.Equal(Run("eval", Weights("student")), Run("eval", Weights("student"), "--annotations", labels, "--images", pictures));
        TrainCommandTests.Refused(CapturedCommand.Run("eval", Weights("student"), "--annotations", student, "--images", pictures),
            "measured against a folder of DOTA's label files");
        TrainCommandTests.Refused(CapturedCommand.Run("eval", Weights("student"), "--annotations", labels, "--split", "val.txt"),
            "give the folder of the images by --images");

        string published = Run("publish", Weights("student"), "--output", _folder.Path).Trim();
        Assert.Contains("images a second", Run("speed", published, "--runs", "3", "--threads", "1"));
        string output = Path.Combine(_folder.Path, "predictions");
        string images = Path.Combine(data.Folder, "val", "images");
        Run("predict", published, images, "--output", output, "--threshold", "0");
        Assert.Equal(["0.png", "1.png", "2.png", "predictions.json"], Directory.GetFiles(output).Select(Path.GetFileName).Order());
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        JsonElement[] detections = [.. json.RootElement.EnumerateArray().SelectMany(p => p.GetProperty("detections").EnumerateArray())];
        Assert.NotEmpty(detections);
        Assert.All(detections, d => Assert.Equal((5, 8), (d.GetProperty("box").GetArrayLength(), d.GetProperty("polygon")
            .GetArrayLength())));
        TrainCommandTests.Refused(
            CapturedCommand.Run("predict", published, "--image-info", Path.Combine(_folder.Path, "info.json"), "--images", images),
                "--image-info is for detectors of upright boxes", "--window", "--task1");
        WindowedPrediction.Check(published, new GreedyNms { Iou = 0.1 }, _folder.Path);

        // The files for DOTA's server have what the json has.
        string submission = Path.Combine(_folder.Path, "submission.zip");
        Run("predict", published, images, "--output", output, "--no-pictures", "--task1", submission);
        Task1Results results = Task1Reader.Read(submission, TinyRotatedData.Classes);
        Assert.Equal(detections.Length, results.Detections.Count);
        Assert.Equal(detections.Sum(d => d.GetProperty("score").GetDouble()), results.Detections.Scores.Sum(), 4);
        File.Copy(Path.Combine(images, "0.png"), Path.Combine(_folder.Path, "0.png"));
        CapturedCommand twice = CapturedCommand.Run("predict", published, images, Path.Combine(_folder.Path, "0.png"), "--task1",
            submission);
        TrainCommandTests.Refused(twice, "2 images are named '0'", "know images by their names alone");
        TrainCommandTests.Refused(CapturedCommand.Run("predict", published, images, "--no-pictures", "--task1", submission),
            $"{submission}: the file is there already", "--force");
        CheckNamesAndPlaces(published, Path.Combine(images, "0.png"));
    }

    // What cannot be written is told before pictures are looked at.
    private void CheckNamesAndPlaces(string published, string picture)
    {
        (string blank, string output, string task1) =
            (Path.Combine(_folder.Path, "a b.png"), Path.Combine(_folder.Path, "unwritten"), Path.Combine(_folder.Path, "task1"));
        File.Copy(picture, blank);
        TrainCommandTests.Refused(CapturedCommand.Run("predict", published, blank, "--output", output, "--task1", task1),
            "the image 'a b' has blanks in its name");
        _folder.Write("task1/Task1_car.txt", "");
        TrainCommandTests.Refused(CapturedCommand.Run("predict", published, picture, "--output", output, "--task1", task1),
            "the folder has result files already");
        Assert.False(Directory.Exists(output));
        TrainCommandTests.Refused(CapturedCommand.Run("predict", published, picture, "--output", output, "--force"),
            "--force belongs to --task1");
        TrainCommandTests.Refused(CapturedCommand.Run("eval", published, "--save-results", task1), "the folder has result files already");
        Run("eval", published, "--save-results", task1, "--force");
        Assert.Equal(["Task1_roof.txt", "Task1_ship.txt"], Directory.GetFiles(task1).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_study_compares_detectors_of_rotated_boxes()
    {
        WriteRecipes();
        string study = _folder.Write("study.yaml", """
            title: rotated rows
            base: plain
            rows:
              - {name: teacher, recipe: teacher.yaml}
              - {name: plain, recipe: teacher.yaml, set: {seed: 1}}
              - {name: ld, recipe: student.yaml, teacher: teacher}
            """);
        string table = Run("study", study, "--output", Path.Combine(_folder.Path, "studies"));
        Assert.All(["teacher", "plain", "ld"], row => Assert.Contains(row, table));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "studies", "study", "ld", "last.ckpt")));
    }

    // Nothing is learnt in so few steps: with so low a threshold there are detections all the same.
    private string WriteRecipes()
    {
        string parts = Path.Combine(Repository.Root, "recipes", "_base");
        _folder.Write("teacher.yaml", $$"""
            include: '{{Path.Combine(parts, "rotated_retina_scratch.yaml")}}'
            name: teacher
            output: {{Path.Combine(_folder.Path, "runs")}}
            {{data.Recipe}}
            input: {scales: [[64, 64]], flipProbability: 0.25, flipVerticalProbability: 0.25, flipDiagonalProbability: 0.25}
            loader: {batchSize: 2, workers: 1}
            model:
              backbone: {width: 0.125}
              neck: {channels: 16, levels: 3}
              head: {stackedConvs: 1, channels: 16}
              postProcessing: {scoreThreshold: 0.0001}
            schedule: {epochs: 1, steps: [], warmup: {iterations: 2, ratio: 0.1} }
            optimizer: {gradientClip: 35}
            log: {interval: 1}
            device: cpu
            threads: 1
            """);
        return _folder.Write("student.yaml", $$"""
            include: [teacher.yaml, '{{Path.Combine(parts, "ld_rotated_per_positive.yaml")}}']
            name: student
            teacher: {recipe: teacher.yaml, weights: '{{Weights("teacher")}}' }
            """);
    }

    private static string Run(params string[] arguments)
    {
        CapturedCommand run = CapturedCommand.Run(arguments);
        Assert.True(run.Code == 0, $"exit code {run.Code}: {run.Error}");
        return run.Output;
    }
}
