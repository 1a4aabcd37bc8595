using CsCheck;
using Retort.Core.Options;
using Retort.Detection.Backbones;
using Retort.Detection.Heads;
using Retort.Recipes;
using Retort.Recipes.Reading;
using Retort.Vision.Transforms;

namespace Retort.Training.Tests.Recipes;

public sealed class RecipeReadingTests : IDisposable
{
    private const string RefersTo = RecipeFolder.Minimal + "teacher: {model: {}, weights: w}\n";

    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_written_has_its_default()
    {
        Recipe recipe = _folder.Load("");
        Assert.Equal(12, recipe.Schedule.Epochs);
        Assert.Equal(50, recipe.Model.Backbone.Depth);
        Assert.Null(recipe.Teacher);
        Assert.Equal("recipe", recipe.Name);
    }

    [Fact]
    public void Values_are_typed()
    {
        Recipe recipe = _folder.Load("""
            input: {scales: [[1333, 480], [1333, 800]], mode: range, colorOrder: bgr, mean: [1, 2.5, .5]}
            optimizer: {weightDecay: 1e-4, gradientClip: 35, type: adamw, betas: [0.8, 0.9]}
            ema: {enabled: true}
            """);
        Assert.Equal([new ImageSize(1333, 480), new ImageSize(1333, 800)], recipe.Input.Scales);
        Assert.Equal(new ImageSize(1333, 800), recipe.Input.EffectiveEvaluationScale);
        Assert.Equal([1, 2.5, 0.5], recipe.Input.Mean);
        Assert.Equal(ColorOrder.Bgr, recipe.Input.ColorOrder);
        AdamWOptions optimizer = Assert.IsType<AdamWOptions>(recipe.Optimizer);
        Assert.Equal((1e-4, 35.0), (optimizer.WeightDecay, optimizer.GradientClip));
        Assert.Equal([0.8, 0.9], optimizer.Betas);
        Assert.True(recipe.Ema.Enabled);
    }

    [Fact]
    public void Included_files_merge_deeply_and_the_later_wins()
    {
        _folder.Write("base/a.yaml", RecipeFolder.Minimal + "schedule: {epochs: 3, steps: [1, 2], warmup: {iterations: 7}}\nseed: 1\n");
        _folder.Write("base/b.yaml", "include: a.yaml\nschedule: {epochs: 5}\nseed: 2\n");
        _folder.Write("c.yaml", "schedule: {gamma: 0.5}\n");
        Recipe recipe = Recipe.Load(_folder.Write("d.yaml", "include: [base/b.yaml, c.yaml]\nschedule: {steps: [4]}\n"));
        Assert.Equal((5, 0.5, 7, 2L), (recipe.Schedule.Epochs, recipe.Schedule.Gamma, recipe.Schedule.Warmup.Iterations, recipe.Seed));
        Assert.Equal([4], recipe.Schedule.Steps);
    }

    [Fact]
    public void A_map_of_another_type_replaces_the_included_one()
    {
        _folder.Write("base.yaml", RecipeFolder.Minimal + "model: {backbone: {type: resnext, groups: 8, frozenStages: 2}, neck: {type: "
            + "fpn, levels: 4}}\noptimizer: {type: sgd, momentum: 0.5, weightDecay: 0.1}\n");
        Recipe recipe = Recipe.Load(_folder.Write("own.yaml",
            "include: base.yaml\nmodel: {backbone: {type: res2net}, neck: {type: fpn, channels: 64}}\noptimizer: {type: adamw}\n"));
        Assert.Equal(new Res2NetOptions(), recipe.Model.Backbone);
        Assert.Equal((4, 64), (recipe.Model.Neck.Levels, recipe.Model.Neck.Channels));
        Assert.Equal(1e-4, Assert.IsType<AdamWOptions>(recipe.Optimizer).WeightDecay);

        // A map without a type goes with the one below it, and an override of the type alone is another type too.
        Recipe merged = Recipe.Load(_folder.Write("merged.yaml", "include: base.yaml\nmodel: {backbone: {groups: 16}}\n"),
            ["optimizer.type=adamw", "optimizer.betas=[0.5, 0.6]"]);
        Assert.Equal((16, 2), (Assert.IsType<ResNeXtOptions>(merged.Model.Backbone).Groups, merged.Model.Backbone.FrozenStages));
        Assert.Equal([0.5, 0.6], Assert.IsType<AdamWOptions>(merged.Optimizer).Betas);
    }

    [Fact]
    public void Detectors_of_other_kinds_merge()
    {
        _folder.Write("base.yaml", RecipeFolder.Minimal + "model: {detector: gfl, backbone: {depth: 34}}\n");
        Recipe recipe = Recipe.Load(_folder.Write("own.yaml",
            "include: base.yaml\nmodel: {detector: gflv2, head: {backgroundChannel: true}}\n"));
        Assert.Equal((34, true), (recipe.Model.Backbone.Depth, Assert.IsType<QualityHeadOptions>(recipe.Model.Head).BackgroundChannel));
    }

    [Fact]
    public void A_list_can_go_on_where_an_included_one_ended()
    {
        _folder.Write("base.yaml", RefersTo + "distillation: [{weight: 1}, {weight: 2}]\n");
        _folder.Write("part.yaml", "distillation: [inherited, {weight: 3}]\n");
        _folder.Write("other.yaml", "distillation: [inherited, {weight: 4}]\n");
        double[] Weights(string text, params string[] overrides) =>
            [.. Recipe.Load(_folder.Write("r.yaml", text), overrides).Distillation.Select(t => t.Weight)];
        Assert.Equal([1, 2, 3, 4, 5], Weights("include: [base.yaml, part.yaml, other.yaml]\ndistillation: [inherited, {weight: 5}]\n"));
        Assert.Equal([3, 4], Weights(RefersTo + "include: [part.yaml, other.yaml]\n"));
        Assert.Equal([5], Weights("include: [base.yaml, part.yaml]\ndistillation: [{weight: 5}]\n"));
        Assert.Equal([1, 2, 6], Weights("include: base.yaml\n", "distillation=[inherited, {weight: 6}]"));
        _folder.Write("one.yaml", RefersTo + "distillation: {weight: 7}\n");
        Assert.Equal([7, 8], Weights("include: one.yaml\ndistillation: [inherited, {weight: 8}]\n"));
        Assert.Contains("'distillation.1' needs a map of keys, but 'inherited' stands there",
            _folder.Refusal("distillation: [{}, inherited]\n"));
    }

    [Fact]
    public void A_name_that_means_more_in_lists_can_be_quoted_and_survives_the_round_trip()
    {
        Recipe recipe = _folder.Load("", "data.classes=['inherited', b]");
        Assert.Equal(["inherited", "b"], recipe.Data.Classes);
        Assert.Equal(["inherited", "b"], Recipe.Load(_folder.Write("again.yaml", recipe.ToYaml())).Data.Classes);
    }

    [Fact]
    public void Name_description_and_paper_are_not_inherited()
    {
        _folder.Write("recipes/x/base.yaml", RecipeFolder.Minimal + "name: n\ndescription: d\npaper: {table: t}\n");
        Recipe recipe = Recipe.Load(_folder.Write("recipes/x/own.yaml", "include: base.yaml\n"));
        Assert.Equal(("x/own", "", 0), (recipe.Name, recipe.Description, recipe.Paper.Count));
    }

    [Fact]
    public void A_null_takes_back_what_was_included()
    {
        _folder.Write("base.yaml", RecipeFolder.Minimal + "optimizer: {baseBatchSize: 16}\n");
        Assert.Null(Recipe.Load(
            _folder.Write("own.yaml", "include: base.yaml\noptimizer: {baseBatchSize: null}\n")).Optimizer.BaseBatchSize);
    }

    [Fact]
    public void Overrides_win_in_their_order()
    {
        Recipe recipe = _folder.Load(
            "distillation: []\nschedule: {epochs: 3, steps: [1]}\n",
            "schedule.epochs=5",
            "schedule.epochs=6",
            "schedule.steps=[2, 3]",
            "model.backbone.depth=18",
            "input.scales=[[320, 240]]",
            "input.scales.0.1=256",
            "data.classes=[cat, dog]");
        Assert.Equal(6, recipe.Schedule.Epochs);
        Assert.Equal([2, 3], recipe.Schedule.Steps);
        Assert.Equal(18, recipe.Model.Backbone.Depth);
        Assert.Equal([new ImageSize(320, 256)], recipe.Input.Scales);
        Assert.Equal(["cat", "dog"], recipe.Data.Classes);
    }

    [Fact]
    public void Environment_variables_and_their_defaults_are_put_in()
    {
        const string Name = "RETORT_TEST_RECIPE_ROOT";
        Environment.SetEnvironmentVariable(Name, null);
        Assert.Equal("here/x", _folder.Load("", "data.root=${" + Name + ":-here}/x").Data.Root);
        Assert.Contains($"--set data.root=${{{Name}}}: the environment variable {Name} is not set",
            _folder.Refusal("", "data.root=${" + Name + "}"));
        Environment.SetEnvironmentVariable(Name, "/there");
        Assert.Equal("/there/x", _folder.Load("", "data.root=${" + Name + ":-here}/x").Data.Root);
        Assert.Equal("/there/y/x", _folder.Load("", "data.root=${RETORT_TEST_NEVER_SET:-${" + Name + ":-here}/y}/x").Data.Root);
        Environment.SetEnvironmentVariable(Name, null);
    }

    [Fact]
    public void An_environment_variable_is_only_needed_where_nothing_replaces_it() =>
        Assert.Equal("y", _folder.Load("output: ${RETORT_TEST_NEVER_SET}\n", "output=y").Output);

    [Fact]
    public void The_canonical_text_reads_back_as_the_same_recipe()
    {
        Recipe recipe = _folder.Load("""
            description: 'null'
            input: {scales: [[1333, 480], [1333, 800]], mode: range, std: [1, 0.1, 1e-7]}
            model: {backbone: {weights: "a: b # c"}}
            teacher: {model: {backbone: {depth: 101}}, weights: "- x\ny"}
            distillation: [{region: main}, {region: valuable-localization, gamma: 0.3}]
            """);
        Recipe again = Recipe.Parse(recipe.ToYaml(), "text");
        Assert.Equal(recipe.ToYaml(), again.ToYaml());
        Assert.Equal("null", again.Description);
        Assert.Equal("a: b # c", again.Model.Backbone.Weights);
        Assert.Equal("- x\ny", again.Teacher!.Weights);
        Assert.Equal(1e-7, again.Input.Std[2]);
        Assert.Equal(recipe.Distillation, again.Distillation);
    }

    [Fact]
    public void Canonical_text_takes_nothing_from_the_environment_or_from_other_files()
    {
        Assert.Equal("${HOME}", Recipe.Parse("data: {root: '${HOME}', train: {annotations: a, images: i}}", "text").Data.Root);
        Assert.Throws<RecipeException>(() => Recipe.Parse("include: x.yaml\n" + RecipeFolder.Minimal, "text"));
        Assert.Throws<RecipeException>(() => Recipe.Parse("teacher: {recipe: x.yaml, weights: w}\n" + RecipeFolder.Minimal, "text"));
    }

    [Fact]
    public void Any_text_survives_the_round_trip() =>
        Gen.String[Gen.Char[' ', '~'], 0, 30].Sample(text =>
        {
            Recipe recipe = new() { Data = new DataOptions { Train = new DatasetOptions { Annotations = "a", Images = text } } };
            return Recipe.Parse(recipe.ToYaml(), "text").Data.Train.Images == recipe.Data.Train.Images;
        });

    [Fact]
    public void Any_learning_rate_survives_the_round_trip() =>
        Gen.Double[0, 100].Sample(rate =>
        {
            Recipe recipe = new()
            {
                Data = new DataOptions { Train = new DatasetOptions { Annotations = "a", Images = "i" } },
                Optimizer = new SgdOptions { LearningRate = rate }
            };
            return Recipe.Parse(recipe.ToYaml(), "text").Optimizer.LearningRate == rate;
        });

    [Fact]
    public void A_key_with_one_letter_lost_is_recognised()
    {
        string[] keys = [.. OptionSchema.Of(typeof(Recipe)).Select(p => p.Key).Where(k => k.Length > 4)];
        Gen.Int[0, keys.Length - 1].SelectMany(k => Gen.Int[0, keys[k].Length - 1]
            .Select(at => (Key: keys[k], Written: keys[k].Remove(at, 1))))
            .Sample(c => Spelling.Nearest(c.Written, keys) == c.Key);
    }
}
