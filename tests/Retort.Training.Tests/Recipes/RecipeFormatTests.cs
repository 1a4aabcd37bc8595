using Retort.Core.Options;
using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Criteria;
using Retort.Detection.Detectors;
using Retort.Recipes;

namespace Retort.Training.Tests.Recipes;

/// <summary>Recipes that an earlier version of Retort wrote into checkpoints and run folders.</summary>
public sealed class RecipeFormatTests : IDisposable
{
    // As format 1 had it: the options of every kind, whichever was chosen.
    private const string Old = """
        name: old
        data: {format: coco, root: '', train: {root: '', annotations: a.json, images: i, union: [], repeat: 1}, classes: [], angles: oc, maximumDifficulty: 100}
        model:
          detector: DETECTOR
          backbone: {type: resnet, depth: 18, width: 0.25, norm: batch, normMode: train, frozenStages: -1, zeroInitialResidual: true, style: pytorch, groups: 32, scales: 4}
          neck: {type: fpn, channels: 64, levels: 5, extraConvs: on-output, reluBeforeExtraConvs: false}
          head: {stackedConvs: 2, channels: 64, norm: group, normGroups: 32, regMax: 8, sideRange: [-2, 2], angleRange: [-5, 2], angles: oc, edgeSwap: false, backgroundChannel: false, quality: {topK: 4, channels: 64}}
          priors: {type: PRIORS, octaveBaseScale: 4, scalesPerOctave: 1, ratios: [1]}
          assigner: {type: ASSIGNER, topK: 9, positiveIou: 0.5, negativeIou: 0.4, leastIou: 0, unmatched: none, centreRadius: 1.5, reach: 8}
          losses:
            classification: {type: CLASSES, beta: 2, alpha: 0.25, gamma: 2, weight: 1}
            box: {type: BOX, weight: 3, beta: 0, form: ln, divisor: positives}
            centerness: {weight: 1}
            distribution: {weight: 0.5}
          postProcessing: {scoreThreshold: 0.05, nms: {type: nms, iou: 0.5, classAgnostic: false, decay: linear, sigma: 0.5, minScore: 0.001, voteThreshold: 0.7, distancePower: 0.8, voteVariance: 0.025}, nmsPre: 100, maxPerImage: 50}
        optimizer: {type: sgd, learningRate: 0.02, momentum: 0.8, betas: [0.9, 0.999], weightDecay: 0.0001, biasLearningRateMultiplier: 1, biasWeightDecayMultiplier: 1}
        """;

    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gfl", "anchors", "atss", "quality-focal", "giou", typeof(GflDetectorOptions))]
    [InlineData("gflv2", "anchors", "atss", "quality-focal", "giou", typeof(GflV2DetectorOptions))]
    [InlineData("atss", "anchors", "atss", "focal", "giou", typeof(AtssDetectorOptions))]
    [InlineData("fcos", "points", "fcos", "focal", "diou", typeof(FcosDetectorOptions))]
    [InlineData("retina", "anchors", "max-iou", "focal", "giou", typeof(RetinaDetectorOptions))]
    [InlineData("rotated-retina", "anchors", "max-iou", "focal", "kf-iou", typeof(RotatedRetinaDetectorOptions))]
    public void The_first_format_is_read(string detector, string priors, string assigner, string classes, string box, Type kind)
    {
        string text = Filled(detector, priors, assigner, classes, box);
        Recipe recipe = Recipe.Parse(text, "old.ckpt");
        Assert.IsType(kind, recipe.Model);
        Assert.Equal((18, 2, 8, 4.0), (recipe.Model.Backbone.Depth, recipe.Model.Head.StackedConvs, recipe.Model.Head.RegMax,
            recipe.Model.Priors.OctaveBaseScale));
        Assert.Equal(0.8, Assert.IsType<SgdOptions>(recipe.Optimizer).Momentum);
        Assert.Equal(OptionKinds.NameOf(recipe.Model.Assigner), assigner);
        Assert.True(recipe.Model.Losses is not GflOptions gfl || (gfl.Distribution.Weight, gfl.Box.Weight) == (0.5, 3));
        Assert.True(recipe.Model.Losses is not RotatedRetinaOptions rotated || rotated.Box is KfIouOptions { Weight: 3 });

        // Written again it is of the newest format, and means the same.
        Assert.Equal(recipe.ToYaml(), Recipe.Parse(recipe.ToYaml(), "new.ckpt").ToYaml());
        Assert.StartsWith("# retort recipe, format 2\n", recipe.ToYaml());
    }

    [Fact]
    public void A_teacher_of_the_first_format_is_read()
    {
        string model = Filled("gfl", "anchors", "atss", "quality-focal", "giou");
        string teacher = model[model.IndexOf("model:", StringComparison.Ordinal)..model.IndexOf("optimizer:", StringComparison.Ordinal)];
        Recipe recipe = Recipe.Parse($"{model}\nteacher:\n  {teacher.Replace("\n", "\n  ")}weights: w\n", "old.ckpt");
        Assert.Equal(3, Assert.IsType<GflOptions>(recipe.Teacher!.Model!.Losses).Box.Weight);
    }

    [Fact]
    public void Options_of_the_first_format_are_no_options_of_a_users_recipe()
    {
        string file = _folder.Write("mine.yaml", Filled("gfl", "anchors", "atss", "quality-focal", "giou"));
        Assert.Contains("'model.backbone.groups' is for the type resnext, and 'model.backbone.type' is resnet",
            Assert.Throws<RecipeException>(() => Recipe.Load(file)).Message);
    }

    [Fact]
    public void The_recipe_in_an_old_run_folder_trains_again_and_can_be_included()
    {
        const string Rest = "\ninput: {}\nloader: {}\nschedule: {}\nema: {}\nevaluation: {}\nlog: {}\nseed: 0\ndevice: auto\nthreads: "
            + "0\noutput: runs\n";
        string text = Filled("gfl", "anchors", "atss", "quality-focal", "giou") + Rest;
        string file = _folder.Write("recipe.yaml", text);
        Assert.Equal(Recipe.Parse(text, "old.ckpt").ToYaml(), Recipe.Load(file).ToYaml());
        Assert.Equal(18, Recipe.Load(_folder.Write("more.yaml", "include: recipe.yaml\nseed: 1\n")).Model.Backbone.Depth);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void The_format_of_a_file_is_looked_at_too(string line)
    {
        string newest = $"# retort recipe, format 2\n{RecipeFolder.Minimal}".Replace("\n", line);
        Assert.Equal("a.json", Recipe.Load(_folder.Write("new.yaml", newest)).Data.Train.Annotations);
        string newer = _folder.Write("newer.yaml", newest.Replace("format 2", "format 3"));
        Assert.Contains("newer format (# retort recipe, format 3)", Assert.Throws<RecipeException>(() => Recipe.Load(newer)).Message);
    }

    [Fact]
    public void What_no_format_has_is_unknown_in_an_old_one_too()
    {
        string text = Filled("gfl", "anchors", "atss", "quality-focal", "giou").Replace("stackedConvs", "stakedConvs");
        Assert.Contains("unknown key 'model.head.stakedConvs'; did you mean 'stackedConvs'?",
            Assert.Throws<RecipeException>(() => Recipe.Parse(text, "old.ckpt")).Message);
    }

    [Fact]
    public void A_newer_format_is_refused() =>
        Assert.Contains("newer format", Assert.Throws<RecipeException>(
            () => Recipe.Parse("# retort recipe, format 3\nname: x\n", "new.ckpt")).Message);

    [Fact]
    public void Overrides_are_laid_over_the_upgraded_recipe()
    {
        string[] overrides = ["model.backbone={type: resnext, depth: 50, groups: 4}"];
        Assert.Equal(4, Assert.IsType<ResNeXtOptions>(Recipe.Parse(Filled("gfl", "anchors", "atss", "quality-focal", "giou"), "old.ckpt",
            overrides).Model.Backbone).Groups);
    }

    private static string Filled(string detector, string priors, string assigner, string classes, string box) =>
        Old.Replace("DETECTOR", detector).Replace("PRIORS", priors).Replace("ASSIGNER", assigner).Replace("CLASSES", classes)
            .Replace("BOX", box);
}
