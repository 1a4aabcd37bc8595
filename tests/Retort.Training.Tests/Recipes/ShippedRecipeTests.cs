using Retort.Training.Recipes;

namespace Retort.Training.Tests.Recipes;

public class ShippedRecipeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "recipes");

    public static TheoryData<string> Names => [.. RecipeCatalog.List(Folder).Select(e => e.Name)];

    private static Recipe Load(string name) => Recipe.Load(RecipeCatalog.Find(Folder, name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Loads_says_what_it_is_for_and_survives_the_round_trip(string name)
    {
        Recipe recipe = Load(name);
        Assert.Equal(name, recipe.Name);
        Assert.NotEmpty(recipe.Description);
        Assert.Equal(recipe.ToYaml(), Recipe.Parse(recipe.ToYaml(), "text").ToYaml());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_short(string name) => Assert.InRange(File.ReadAllLines(RecipeCatalog.Find(Folder, name)).Length, 1, 40);

    [Fact]
    public void Every_row_of_the_documents_has_a_recipe()
    {
        (string Table, int Rows)[] expected =
        [
            ("Table 1a", 5), ("Table 1b", 5), ("Table 1c", 5), ("Table 2", 10), ("Table 3", 6), ("Table 4", 6), ("Table 6", 15), ("Table 8", 12),
            ("Readme GFocalV1 with LD", 8), ("Readme Self-LD", 6), ("Readme GFocalV2 with LD (test-dev)", 10), ("Readme VOC", 8), ("Toolbox page", 8),
        ];
        PaperOptions[] results = [.. RecipeCatalog.List(Folder).SelectMany(entry => entry.Paper)];
        Assert.All(results, result => Assert.True(result is { Table.Length: > 0, Row.Length: > 0, Ap: not null }));
        Assert.Equal(results.Length, results.Select(result => (result.Table, result.Row)).Distinct().Count());
        Assert.All(expected, table => Assert.Equal((table.Table, table.Rows), (table.Table, results.Count(result => result.Table == table.Table))));
    }

    [Fact]
    public void Parts_are_not_listed() => Assert.DoesNotContain(RecipeCatalog.List(Folder), e => e.Name.Contains("/_") || e.Name.StartsWith('_'));

    [Fact]
    public void A_name_that_is_nearly_right_is_answered_with_the_right_one() =>
        Assert.Contains("did you mean 'bccd/student_ld'?", Assert.Throws<FileNotFoundException>(() => RecipeCatalog.Find(Folder, "bccd/student_dl")).Message);

    [Theory]
    [InlineData("coco/ld_r18_gfl_r101_1x", 0.00375)]
    [InlineData("coco/ld_r34_gfl_r101_1x", 0.00375)]
    [InlineData("coco/ld_r50_gfl_r101_1x", 0.0025)]
    [InlineData("bccd/yardstick", 0.01)]
    public void The_learning_rate_is_the_published_one(string name, double expected)
    {
        var rule = LearningRateRule.For(Load(name));
        Assert.Equal(expected, rule.LearningRate, 12);
        Assert.Contains(expected.ToString(System.Globalization.CultureInfo.InvariantCulture), rule.Explanation);
    }

    [Fact]
    public void The_rule_says_what_it_inferred() => Assert.Equal(
        "learning rate 0.00375 = 0.01 x 6/16, inferred from loader.batchSize 6 by the linear rule",
        LearningRateRule.For(Load("coco/ld_r18_gfl_r101_1x")).Explanation);

    [Fact]
    public void The_reference_distillation_has_the_published_terms()
    {
        Recipe recipe = Load("coco/ld_r18_gfl_r101_1x");
        Assert.Equal((18, 101, BoxLossKind.Giou), (recipe.Model.Backbone.Depth, recipe.Teacher!.Model.Backbone.Depth, recipe.Model.Losses.Box.Type));
        Assert.Equal(
            [
                new() { Knowledge = KnowledgeKind.Localization, Region = RegionKind.Main, Temperature = 10, Weight = 0.25, Weighting = PriorWeighting.StudentScore },
                new() { Knowledge = KnowledgeKind.Localization, Region = RegionKind.ValuableLocalization, Gamma = 0.25, Temperature = 10, Weight = 0.25, Weighting = PriorWeighting.Region },
                new() { Knowledge = KnowledgeKind.Classification, Region = RegionKind.Main, Temperature = 2, Weight = 10, Weighting = PriorWeighting.One },
            ],
            recipe.Distillation);
    }

    [Fact]
    public void Students_of_own_data_do_not_depend_on_the_batch() =>
        Assert.All(Load("own-data/ld").Distillation, t => Assert.Equal(DistillationNormalisation.PerPositive, t.Normalisation));

    [Theory]
    [InlineData("bccd")]
    [InlineData("demo")]
    public void Students_with_and_without_teacher_differ_in_nothing_else(string folder)
    {
        Recipe plain = Load($"{folder}/student");
        Recipe distilled = Load($"{folder}/student_ld");
        Assert.Equal(plain.ToYaml(), (distilled with { Name = plain.Name, Description = plain.Description, Teacher = null, Distillation = [] }).ToYaml());
        Assert.NotEmpty(distilled.Distillation);
    }

    [Fact]
    public void The_yardstick_has_the_settings_it_was_measured_with()
    {
        Recipe recipe = Load("bccd/yardstick");
        BackboneOptions backbone = recipe.Model.Backbone;
        Assert.Equal((18, 1.0, null, NormMode.Train, -1), (backbone.Depth, backbone.Width, backbone.Weights, backbone.NormMode, backbone.FrozenStages));
        Assert.Equal((16, 100, 0.001, 4), (recipe.Schedule.Epochs, recipe.Schedule.Warmup.Iterations, recipe.Schedule.Warmup.Ratio, recipe.Loader.BatchSize));
        Assert.Equal([11, 14], recipe.Schedule.Steps);
        Assert.Equal([new ImageSize(320, 240)], recipe.Input.Scales);
    }
}
