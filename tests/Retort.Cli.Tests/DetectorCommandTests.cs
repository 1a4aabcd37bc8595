using System.Text.Json;
using Retort.Vision.Synthesis;

namespace Retort.Cli.Tests;

/// <summary>Every kind of detector, from its base recipe: a tiny one is trained, teaches another, is published and predicts.</summary>
public sealed class DetectorCommandTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private const string Terms = """
        distillation:
          - {knowledge: localization, region: main, weight: 10, normalisation: per-positive}
          - {knowledge: localization, region: valuable-localization, weighting: region, weight: 10, normalisation: per-positive}
          - {knowledge: classification, region: main, weighting: one, temperature: 2, weight: 1, normalisation: per-positive}
        """;

    // Nothing is learnt in six steps: with so low a threshold there are detections all the same.
    private static readonly string[] s_short =
        ["--set", "schedule.epochs=1", "--set", "schedule.steps=[]", "--set", "model.postProcessing.scoreThreshold=0.0001"];

    [Theory]
    [InlineData("gflv2", "{}", "loss_cls, loss_bbox, loss_dfl")]
    [InlineData("gflv2", "{head: {backgroundChannel: true}}", "loss_cls, loss_bbox, loss_dfl")]
    [InlineData("atss", "{}", "loss_cls, loss_bbox, loss_centerness")]
    public void A_detector_is_trained_teaches_and_predicts(string detector, string model, string losses)
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder, detector, model);
        Run(["train", teacher, .. s_short]);
        Run(["distill", student, .. s_short]);
        string[] log = File.ReadAllLines(Path.Combine(folder.Path, "runs", "student", "log.jsonl"));
        Assert.All(losses.Split(", ").Concat(["loss_ld", "loss_ld_vlr", "loss_kd"]),
            term => Assert.Contains(log, line => line.Contains($"\"{term}\":")));
        string published = Run(["publish", Path.Combine(folder.Path, "runs", "student", "last.ckpt"), "--output", folder.Path]).Trim();
        string output = Path.Combine(folder.Path, "predictions");
        Run(["predict", published, Path.Combine(data.Folder, "images", "val"), "--output", output, "--threshold", "0"]);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "predictions.json")));
        JsonElement[] detections = [.. json.RootElement.EnumerateArray().SelectMany(p => p.GetProperty("detections").EnumerateArray())];
        Assert.NotEmpty(detections);
        Assert.All(detections, d => Assert.Contains(d.GetProperty("class").GetString(), SyntheticDataset.ClassNames));
    }

    [Fact]
    public void A_file_with_the_other_layout_of_class_channels_is_refused_with_the_option()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder, "gflv2", "{head: {backgroundChannel: true}}");
        Run(["train", teacher, .. s_short]);
        string weights = Path.Combine(folder.Path, "runs", "teacher", "last.ckpt");
        string[] other = ["--set", "model.head.backgroundChannel=false"];
        TrainCommandTests.Refused(CapturedCommand.Run(["distill", student, .. other]), "the teacher has one more class channel",
            "head.backgroundChannel");
        TrainCommandTests.Refused(
            CapturedCommand.Run(["distill", student, .. other, "--set", "teacher.model.head.backgroundChannel=false"]),
            weights,
            "the teacher was trained as another network",
            "model.head.backgroundChannel: true -> false");
        TrainCommandTests.Refused(CapturedCommand.Run(["train", teacher, .. other, "--set", $"model.weights={weights}", "--set",
            "name=again"]), weights, "has 5 class channels and the recipe's network 4", "head.backgroundChannel");
    }

    private (string Teacher, string Student) Recipes(TemporaryFolder folder, string detector, string model)
    {
        data.WriteRecipe(folder.Path);
        string file = Path.Combine(Repository.Root, "recipes", "_base", detector + ".yaml");
        string teacher = folder.Write("teacher.yaml", $"include: ['{file}', tiny.yaml]\nname: teacher\nmodel: {model}\n");
        string weights = Path.Combine(folder.Path, "runs", "teacher", "last.ckpt");
        return (teacher, folder.Write("student.yaml",
            $"include: teacher.yaml\nname: student\nteacher: {{recipe: teacher.yaml, weights: '{weights}'}}\n{Terms}\n"));
    }

    private static string Run(string[] arguments)
    {
        CapturedCommand run = CapturedCommand.Run(arguments);
        Assert.True(run.Code == 0, $"exit code {run.Code}: {run.Error}");
        return run.Output;
    }
}
