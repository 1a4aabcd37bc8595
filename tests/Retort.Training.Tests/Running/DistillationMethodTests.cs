using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;
using Retort.Vision.Loading;

namespace Retort.Training.Tests.Running;

/// <summary>
/// The methods that come as parts of recipes, alone and on top of localization distillation: each makes a step on drawn images.
/// </summary>
public sealed class DistillationMethodTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private static readonly string[] s_localization = ["loss_ld", "loss_ld_vlr", "loss_kd"];

    public static TheoryData<string, string[]> Parts => new()
    {
        { "im_fitnets", ["loss_im_everywhere"] },
        { "im_inside_gt_box", ["loss_im_inside"] },
        { "im_main_region", ["loss_im"] },
        { "im_fine_grained", ["loss_im_fine"] },
        { "im_gi", ["loss_im_gi"] },
        { "im_defeat", ["loss_im_inside", "loss_im_outside"] },
        { "tbr", ["loss_tbr"] },
        { "kd_vlr", ["loss_kd_vlr"] },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_method_stands_alone_or_on_top_of_localization_distillation(string part, string[] terms)
    {
        using var runs = new TinyRuns(data);
        string teacher = runs.Teacher();
        Check(runs, [part], terms, teacher);
        Check(runs, ["ld_reference", part], [.. s_localization, .. terms], teacher);
    }

    [Fact]
    public void All_at_once_with_a_teacher_of_other_features_and_without_the_focal_loss()
    {
        using var runs = new TinyRuns(data);
        string[] parts = ["ld_per_positive", "im_fitnets", "im_fine_grained", "im_gi", "im_defeat", "tbr", "kd_vlr", "adapt"];
        Check(
            runs,
            parts,
            [.. s_localization, "loss_im_everywhere", "loss_im_fine", "loss_im_gi", "loss_im_inside", "loss_im_outside", "loss_tbr",
                "loss_kd_vlr"],
            runs.Teacher("model.neck.channels=24"),
            "model.losses.distribution.weight=0");
    }

    [Fact]
    public void A_teacher_of_other_bins_may_bound_boxes_but_not_teach_distributions()
    {
        using var runs = new TinyRuns(data);
        string teacher = runs.Teacher("model.head.regMax=10");
        Check(runs, ["tbr"], ["loss_tbr"], teacher);
        Assert.Contains("11 bins and the student's 9", Assert.Throws<RecipeException>(
            () => runs.RecipeWithParts("ld", ["ld_reference"], teacher)).Message);
    }

    // Own terms of the detector, then those of the parts, each with a finite value of its own.
    private static void Check(TinyRuns runs, string[] parts, string[] terms, params string[] overrides)
    {
        string[] own = overrides.Contains("model.losses.distribution.weight=0") ? ["loss_cls", "loss_bbox"]
            : ["loss_cls", "loss_bbox", "loss_dfl"];
        using TrainingSetup setup = TrainingSetup.Build(runs.RecipeWithParts("method", parts, overrides));
        setup.Detector.Train();
        using ImageBatch batch = setup.TrainingLoader.Epoch(0).First();
        StepValues values = setup.Step.Run(batch, 0.01);
        Assert.Equal([.. own, .. terms], values.Terms.Select(t => t.Key));
        Assert.All(values.Terms, t => Assert.True(double.IsFinite(t.Value) && t.Value >= 0, $"{t.Key} is {t.Value}"));
        Assert.All(values.Terms.Where(t => t.Key.StartsWith("loss_im", StringComparison.Ordinal)),
            t => Assert.True(t.Value > 0, $"{t.Key} is {t.Value}"));
        Assert.True(values.IsFinite);
    }
}
