using System.Text.Json;
using Retort.Recipes;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>
/// Detectors of the shipped bases through the whole path: training, measuring, and learning from a teacher by their own distillation.
/// </summary>
public sealed class DetectorTrainingTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    [Theory]
    [InlineData("gflv2", "ld_reference_gflv2", "loss_cls loss_bbox loss_dfl loss_ld loss_ld_vlr loss_kd loss_im_gi")]
    [InlineData("atss", "ld_reference_atss", "loss_cls loss_bbox loss_centerness loss_ld loss_ld_vlr loss_kd")]
    [InlineData("fcos", "ld_reference_fcos", "loss_cls loss_bbox loss_centerness loss_ld loss_ld_remaining loss_kd")]
    [InlineData("fcos", "ld_per_positive", "loss_cls loss_bbox loss_centerness loss_ld loss_ld_vlr loss_kd")]
    [InlineData("retina", "ld_reference_retina", "loss_cls loss_bbox loss_ld loss_ld_vlr loss_kd")]
    [InlineData("retina", "ld_per_positive", "loss_cls loss_bbox loss_ld loss_ld_vlr loss_kd")]
    public void Trains_alone_and_with_a_teacher(string detector, string distillation, string terms)
    {
        using var runs = new TinyRuns(data);
        RunFolder teacher = TinyRuns.Train(runs.RecipeWithParts("teacher", [detector], "schedule.warmup.iterations=1"));
        Assert.All(Steps(teacher), step => Assert.All(step.Values, value => Assert.True(double.IsFinite(value))));

        // In a dozen steps.
        Assert.InRange(Steps(teacher)[^1]["loss"], 0, 0.97 * Steps(teacher)[0]["loss"]);

        Recipe recipe = runs.RecipeWithParts(
            "student",
            [detector, distillation],
            $"teacher={{recipe: {teacher.RecipeFile}, weights: {teacher.LastCheckpoint}}}",
            "schedule.epochs=1",
            "schedule.steps=[]");
        foreach (Dictionary<string, double> step in Steps(TinyRuns.Train(recipe)))
        {
            Assert.All(terms.Split(' '), term => Assert.True(step[term] >= 0 && double.IsFinite(step[term]), $"{term}: {step[term]}"));
            Assert.True(step["loss_ld"] > 0);
        }
    }

    [Theory]
    [InlineData("gflv2")]
    [InlineData("atss")]
    [InlineData("fcos")]
    [InlineData("retina")]
    public void Every_other_method_teaches_it_too(string detector)
    {
        using var runs = new TinyRuns(data);
        RunFolder teacher = TinyRuns.Train(runs.RecipeWithParts("teacher", [detector]), stopAfter: 1);
        string[] parts = ["im_fitnets", "im_inside_gt_box", "im_main_region", "im_fine_grained", "im_defeat", "im_gi", "kd_vlr", "tbr"];
        string named = $"teacher={{recipe: {teacher.RecipeFile}, weights: {teacher.LastCheckpoint}}}";
        Dictionary<string, double> step =
            Steps(TinyRuns.Train(runs.RecipeWithParts("student", [detector, .. parts], named), stopAfter: 1))[0];
        string[] taught = [.. step.Keys.Where(key => key.StartsWith("loss_im", StringComparison.Ordinal)
            || key is "loss_kd_vlr" or "loss_tbr")];

        // DeFeat is two terms.
        Assert.Equal(parts.Length + 1, taught.Length);
        Assert.All(taught, term => Assert.True(step[term] >= 0 && double.IsFinite(step[term]), $"{term}: {step[term]}"));
        Assert.All(taught.Where(t => t.StartsWith("loss_im", StringComparison.Ordinal)), term => Assert.True(step[term] > 0, term));
    }

    // The numbers of each step's line in the log.
    private static List<Dictionary<string, double>> Steps(RunFolder run) =>
        [.. File.ReadLines(run.LogFile)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("loss", out _))
            .Select(line => line.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number)
                .ToDictionary(p => p.Name, p => p.Value.GetDouble()))];
}
