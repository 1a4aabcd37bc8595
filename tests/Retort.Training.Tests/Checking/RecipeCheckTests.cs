using Retort.Core;
using Retort.Training.Checking;
using Retort.Recipes;
using Retort.Training.Running;

namespace Retort.Training.Tests.Checking;

/// <summary>What <c>retort recipes check</c> does with one recipe.</summary>
public sealed class RecipeCheckTests : LeakCheckedTest
{
    // Networks so small that a step takes no time; everything else is the recipe's.
    private static readonly string[] s_tiny = [.. new[] { "model", "teacher.model" }.SelectMany(model => new[]
    {
        $"{model}.backbone.depth=18", $"{model}.backbone.width=0.125", $"{model}.neck.channels=32", $"{model}.head.channels=32",
            $"{model}.head.stackedConvs=1",
    })];

    /// <summary>A student of each detector, with the terms that it has.</summary>
    [Theory]
    [InlineData("coco/ld_r18_gfl_r101_1x", "cls bbox dfl ld ld_vlr kd")]
    [InlineData("coco/ld_gi_gflv2_r50_r101_1x", "cls bbox dfl ld ld_vlr kd im_gi")]
    [InlineData("coco/ld_atss_r50_r101_1x", "cls bbox centerness ld ld_vlr kd")]
    [InlineData("coco/ld_fcos_r50_r101_1x", "cls bbox centerness ld ld_remaining kd")]
    [InlineData("coco/ld_retina_r50_r101_1x", "cls bbox ld ld_vlr kd")]
    [InlineData("dota/ld_gwd_r18_r34_1x", "cls bbox ld_vlr kd_vlr")]
    public void A_recipe_of_each_detector_makes_a_step(string name, string terms)
    {
        using var check = new RecipeCheck();
        StepValues values = check.Run(Load(name, s_tiny));
        Assert.Equal(terms.Split(' ').Select(term => "loss_" + term), values.Terms.Select(term => term.Key));
        Assert.All(values.Terms, term => Assert.True(term.Value >= 0, $"{term.Key}: {term.Value}"));
        Assert.True(values.Terms[0].Value > 0);
    }

    [Theory]
    [InlineData("model.backbone.weights=torchvision://resnet19",
        "'model.backbone.weights': torchvision://resnet19: no published weights have this name; did you mean 'torchvision://resnet18'?")]
    [InlineData("model.weights=ftp://example.org/a-0123abcd.pth",
        "'model.weights': ftp://example.org/a-0123abcd.pth: no published weights")]
    [InlineData("teacher.weights=https://example.org/teacher.pth",
        "'teacher.weights': https://example.org/teacher.pth: an address of weights must begin with https:// and its file name must end")]
    public void Weights_with_a_name_that_nothing_has_are_told(string assignment, string expected)
    {
        using var check = new RecipeCheck();
        Assert.Contains(expected, Assert.Throws<RetortException>(() => check.Run(Load("coco/ld_r18_gfl_r101_1x", assignment))).Message);
    }

    private static Recipe Load(string name, params string[] overrides) =>
        Recipe.Load(RecipeCatalog.Find([Path.Combine(Repository.Root, "recipes")], name), overrides);
}
