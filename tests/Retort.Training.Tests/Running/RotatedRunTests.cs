using Retort.Core.Geometry;
using Retort.Recipes;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>
/// Detectors of rotated boxes are trained and distilled as others are; upright objects are rotated ones without an angle.
/// </summary>
public sealed class RotatedRunTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    // The tiny network of the fixture with the parts that make a detector one of rotated boxes.
    private static readonly string[] s_rotated =
    [
        "model.detector=rotated-retina", "model.head.norm=none",
            "model.priors={octaveBaseScale: 4, scalesPerOctave: 3, ratios: [1, 0.5, 2]}", "model.assigner.type=max-iou",
        "model.losses={box: {type: gwd, weight: 5}}", "model.postProcessing={nms: {type: nms, iou: 0.1}, nmsPre: 100, maxPerImage: 20}",
        "model.head.angles=le90", "data.angles=le90", "optimizer.gradientClip=35",
    ];

    [Theory]
    [InlineData("gwd", 8)]
    [InlineData("kld", 8)]
    [InlineData("reverse-kld", 8)]
    [InlineData("kf-iou", 8)]
    [InlineData("smooth-l1", 0)]
    public void Every_box_loss_trains(string loss, int regMax)
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.Recipe("rotated-" + loss, [.. s_rotated, $"model.losses.box.type={loss}", $"model.head.regMax={regMax}"]);
        RunFolder run = TinyRuns.Train(recipe, stopAfter: 3);
        Assert.True(File.Exists(run.LastCheckpoint));
    }

    [Fact]
    public void A_student_learns_from_a_teacher()
    {
        using var runs = new TinyRuns(data);
        string[] student = [.. s_rotated, "model.head.regMax=8"];
        Recipe recipe = runs.RecipeWithParts("distilled", ["ld_reference_rotated"], [.. student, runs.Teacher(student)]);
        TinyRuns.Train(recipe, stopAfter: 3);
        string log = File.ReadAllText(RunFolder.For(recipe).LogFile);
        Assert.Contains("loss_ld_vlr", log);
        Assert.Contains("loss_kd_vlr", log);
    }

    [Theory]
    [InlineData("model.head.angles=oc", "'model.head.angles' is oc and 'data.angles' le90")]
    [InlineData("model.losses.box.type=giou",
        "'model.losses.box.type' cannot be 'giou'; it is one of smooth-l1, gwd, kld, reverse-kld, kf-iou")]
    [InlineData("model.assigner.type=atss", "needs 'model.assigner.type' max-iou, not atss")]
    [InlineData("model.postProcessing.nms.type=soft-nms", "rotated boxes are suppressed by 'model.postProcessing.nms.type' nms")]
    public void Parts_that_do_not_fit_are_named(string option, string expected)
    {
        using var runs = new TinyRuns(data);
        Assert.Contains(expected, Assert.Throws<RecipeException>(() =>
            runs.Recipe("wrong", [.. s_rotated, "model.head.regMax=8", option])).Message);
    }

    [Fact]
    public void Rotated_boxes_are_not_bounded_by_a_teachers()
    {
        using var runs = new TinyRuns(data);
        string[] student = [.. s_rotated, "model.head.regMax=8"];
        Assert.Contains(
            "teacher-bounded-regression compares upright boxes, but those of the detector rotated-retina are rotated",
            Assert.Throws<RecipeException>(() => runs.RecipeWithParts("wrong", ["tbr"], [.. student, runs.Teacher(student)])).Message);
    }

    [Fact]
    public void Teachers_must_predict_the_same_kind_of_boxes()
    {
        using var runs = new TinyRuns(data);
        string[] student = [.. s_rotated, "model.head.regMax=8"];
        string upright = runs.Teacher();
        Assert.Contains("both need rotated boxes, or both upright ones",
            Assert.Throws<RecipeException>(() => runs.RecipeWithParts("wrong", ["ld_reference_rotated"], [.. student, upright])).Message);
        Assert.Contains("'model.head.regMax' is 0", Assert.Throws<RecipeException>(
            () => runs.RecipeWithParts("wrong", ["ld_reference_rotated"], [.. s_rotated, "model.head.regMax=0", upright])).Message);
        Assert.Equal(AngleConvention.Le90, runs.Recipe("right", student).Model.RotatedHead!.Angles);
    }
}
