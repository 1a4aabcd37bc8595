using Retort.Core;
using Retort.Detection.Criteria;
using Retort.Detection.Losses;
using Retort.Core.Geometry;
using Retort.Detection.Backbones;
using Retort.Distillation;
using Retort.Recipes;
using Retort.Vision.Transforms;

namespace Retort.Training.Tests.Recipes;

public class ShippedRecipeTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "recipes");

    public static TheoryData<string> Names => [.. RecipeCatalog.List(Folder).Select(e => e.Name)];

    private static Recipe Load(string name) => Recipe.Load(RecipeCatalog.Find([Folder], name));

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
    public void Is_short(string name) => Assert.InRange(File.ReadAllLines(RecipeCatalog.Find([Folder], name)).Length, 1, 40);

    [Fact]
    public void Parts_are_not_listed() =>
        Assert.DoesNotContain(RecipeCatalog.List(Folder), e => e.Name.Contains("/_") || e.Name.StartsWith('_'));

    [Fact]
    public void A_name_that_is_nearly_right_is_answered_with_the_right_one() =>
        Assert.Contains("did you mean 'bccd/student_ld'?", Assert.Throws<RetortException>(
            () => RecipeCatalog.Find([Folder], "bccd/student_dl")).Message);

    [Fact]
    public void A_name_of_the_documents_finds_its_recipe_and_no_other()
    {
        IReadOnlyList<CatalogEntry> entries = RecipeCatalog.List(Folder);
        string[] names = [.. entries.Select(e => e.Name), .. entries.SelectMany(e => e.Aliases)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(entries, entry => Assert.All(entry.Aliases, alias => Assert.Equal(entry.Path, RecipeCatalog.Find([Folder], alias))));
        Assert.Contains("did you mean 'ld_gflv1_r101_r18_fpn_voc'?",
            Assert.Throws<RetortException>(() => RecipeCatalog.Find([Folder], "ld_gflv1_r101_r18_fpn_vco")).Message);
    }

    [Theory]
    [InlineData("ld_gflv1_r101_r50_fpn_coco_1x", "coco/ld_main_r50_gfl_r101_1x_b6")]
    [InlineData("ld_gflv1_r101_r18_fpn_voc", "voc/ld_main_r18_gfl_r101_4e")]
    [InlineData("ld_r18-gflv1-r101_fpn_1x_coco", "coco/ld_main_r18_gfl_r101_1x")]
    [InlineData("ld_r34-gflv1-r101_fpn_1x_coco", "coco/ld_main_r34_gfl_r101_1x")]
    [InlineData("ld_r50-gflv1-r101_fpn_1x_coco", "coco/ld_main_r50_gfl_r101_1x_b6")]
    [InlineData("ld_r101-gflv1-r101-dcn_fpn_2x_coco", "coco/ld_main_r101_gfl_r101_dcn_ms2x")]
    [InlineData("ld_r18_gflv1_r101_fpn_coco_1x", "coco/ld_main_r18_gfl_r101_1x")]
    [InlineData("ld_r34_gflv1_r101_fpn_coco_1x", "coco/ld_main_r34_gfl_r101_1x")]
    [InlineData("ld_r50_gflv1_r101_fpn_coco_1x", "coco/ld_main_r50_gfl_r101_1x_b6")]
    [InlineData("ld_r101_gflv1_r101dcn_fpn_coco_2x", "coco/ld_main_r101_gfl_r101_dcn_ms2x")]
    public void Every_configuration_that_a_readme_names_has_a_recipe(string configuration, string name)
    {
        Recipe recipe = Load(configuration);
        Assert.Equal(name, recipe.Name);
        Assert.Contains(configuration, recipe.Aliases);
    }

    [Theory]
    [InlineData("paper/table1a_t1", "coco/ld_main_r50_gfl_r101_1x", "distillation.0.temperature=1")]
    [InlineData("paper/table1a_t5", "coco/ld_main_r50_gfl_r101_1x", "distillation.0.temperature=5")]
    [InlineData("paper/table1a_t15", "coco/ld_main_r50_gfl_r101_1x", "distillation.0.temperature=15")]
    [InlineData("paper/table1a_t20", "coco/ld_main_r50_gfl_r101_1x", "distillation.0.temperature=20")]
    [InlineData("paper/table1b_tbr0.2", "paper/table1b_tbr0.1", "distillation.0.margin=0.2")]
    [InlineData("paper/table1b_tbr0.3", "paper/table1b_tbr0.1", "distillation.0.margin=0.3")]
    [InlineData("paper/table1b_tbr0.4", "paper/table1b_tbr0.1", "distillation.0.margin=0.4")]
    [InlineData("paper/table1c_gamma0", "paper/table2_ld_main_vlr", "distillation.1.gamma=0")]
    [InlineData("paper/table1c_gamma0.5", "paper/table2_ld_main_vlr", "distillation.1.gamma=0.5")]
    [InlineData("paper/table1c_gamma0.75", "paper/table2_ld_main_vlr", "distillation.1.gamma=0.75")]
    [InlineData("coco/ld_main_r50_gfl_r101_1x_b6", "coco/ld_main_r50_gfl_r101_1x", "loader.batchSize=6")]
    public void A_row_of_an_ablation_differs_from_its_neighbour_in_one_option(string name, string neighbour, string difference)
    {
        var expected = Recipe.Load(RecipeCatalog.Find([Folder], neighbour), [difference]);
        Assert.Empty(RecipeChange.Between(expected, Load(name)));
        Assert.Single(RecipeChange.Between(Load(neighbour), Load(name)));
    }

    // Section 4.1 of the paper, and the authors' configurations of LD.
    [Fact]
    public void Students_of_COCO_have_the_GIoU_loss() => Assert.All(
        RecipeCatalog.List(Folder).Where(e => e.Name.StartsWith("coco/", StringComparison.Ordinal)).Select(e => Load(e.Name))
            .Where(r => r.Distillation.Count > 0),
        recipe => Assert.Equal((recipe.Name, BoxLossKind.Giou), (recipe.Name, BoxLoss(recipe))));

    [Fact]
    public void A_name_that_is_far_from_all_is_answered_with_three_and_where_all_are()
    {
        string message = Assert.Throws<RetortException>(() => RecipeCatalog.Find([Folder], "shipdetector")).Message;
        Assert.Matches("the nearest are [^,]+, [^,]+, [^,]+; 'retort recipes' lists all$", message);
    }

    [Theory]
    [InlineData("coco/ld_r18_gfl_r101_1x", 0.00375)]
    [InlineData("coco/ld_r34_gfl_r101_1x", 0.00375)]
    [InlineData("coco/ld_r50_gfl_r101_1x", 0.0025)]
    [InlineData("coco/ld_main_r50_gfl_r101_1x_b6", 0.00375)]
    [InlineData("coco/ld_gflv2_r50_r101_1x", 0.01)]
    [InlineData("coco/ld_gi_gflv2_r50_r101_1x", 0.00375)]
    [InlineData("coco/ld_atss_r50_r101_1x", 0.01)]
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
        Assert.Equal((18, 101, BoxLossKind.Giou), (recipe.Model.Backbone.Depth, recipe.Teacher!.Model!.Backbone.Depth, BoxLoss(recipe)));
        Assert.Equal(
            [
                new() { Knowledge = Knowledge.Localization, Region = Region.Main, Temperature = 10, Weight = 0.25,
                    Weighting = PriorWeighting.StudentScore },
                new() { Knowledge = Knowledge.Localization, Region = Region.ValuableLocalization, Gamma = 0.25, Temperature = 10,
                    Weight = 0.25, Weighting = PriorWeighting.Region },
                new() { Knowledge = Knowledge.Classification, Region = Region.Main, Temperature = 2, Weight = 10,
                    Weighting = PriorWeighting.One },
            ],
            recipe.Distillation);
    }

    // Section 4.4: nothing is imitated, which the authors' configuration does.
    [Theory]
    [InlineData("coco/ld_gflv2_r50_r101_1x", 3)]
    [InlineData("coco/ld_gflv2_r101_r101_dcn_ms2x", 3)]
    [InlineData("coco/ld_gflv2_x101_dcn_r2_101_dcn_ms2x", 3)]
    [InlineData("coco/ld_gi_gflv2_r50_r101_1x", 4)]
    public void Students_of_GFLv2_have_the_terms_of_GFL(string name, int terms)
    {
        Recipe recipe = Load(name);
        Assert.Equal(Load("coco/ld_r18_gfl_r101_1x").Distillation, recipe.Distillation.Take(3));
        Assert.Equal((terms, true, true), (recipe.Distillation.Count, recipe.Model.Head.HasBackground,
            recipe.Teacher!.Model!.Head.HasBackground));
    }

    [Fact]
    public void Students_of_own_data_do_not_depend_on_the_batch() =>
        Assert.All(Load("own-data/ld").Distillation, t => Assert.Equal(Normalisation.PerPositive, t.Normalisation));

    [Theory]
    [InlineData("voc", DataFormat.Voc, "teacher")]
    [InlineData("voc", DataFormat.Voc, "student")]
    [InlineData("voc", DataFormat.Voc, "ld")]
    [InlineData("yolo", DataFormat.Yolo, "teacher")]
    [InlineData("yolo", DataFormat.Yolo, "student")]
    [InlineData("yolo", DataFormat.Yolo, "ld")]
    [InlineData("voc", DataFormat.Voc, "teacher_scratch")]
    [InlineData("voc", DataFormat.Voc, "student_scratch")]
    [InlineData("voc", DataFormat.Voc, "ld_scratch")]
    [InlineData("yolo", DataFormat.Yolo, "teacher_scratch")]
    [InlineData("yolo", DataFormat.Yolo, "student_scratch")]
    [InlineData("yolo", DataFormat.Yolo, "ld_scratch")]
    public void Those_for_own_data_in_other_layouts_differ_in_the_data_alone(string layout, DataFormat format, string step)
    {
        Recipe coco = Load($"own-data/{step}"), other = Load($"own-data/{layout}/{step}");
        Assert.Equal(format, other.Data.Format);
        TeacherOptions? teacher = other.Teacher is null ? null : other.Teacher with { Weights = coco.Teacher!.Weights };
        Assert.Equal(coco.ToYaml(), (other with { Name = coco.Name, Description = coco.Description, Data = coco.Data, Teacher = teacher })
            .ToYaml());
        Assert.True(other.Teacher is null
            || other.Teacher.Weights == $"runs/own-data/{layout}/{step.Replace("ld", "teacher", StringComparison.Ordinal)}/best.ckpt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("_scratch")]
    public void Those_for_own_rotated_boxes_find_the_classes_and_teach_the_same_student(string variant)
    {
        Recipe student = Load($"own-data/dota/student{variant}"), distilled = Load($"own-data/dota/ld{variant}");
        Assert.Equal((DataFormat.Dota, 0), (student.Data.Format, student.Data.Classes.Count));
        Assert.Equal(student.Model.Backbone.Weights is null, variant.Length > 0);
        Assert.Equal(student.ToYaml(), (distilled with
        {
            Name = student.Name,
            Description = student.Description,
            Teacher = null,
            Distillation = []
        }).ToYaml());
        Assert.Equal($"runs/own-data/dota/teacher{variant}/best.ckpt", distilled.Teacher!.Weights);
        Assert.All(distilled.Distillation, t => Assert.Equal(Normalisation.PerPositive, t.Normalisation));
    }

    [Theory]
    [InlineData("bccd")]
    [InlineData("demo")]
    public void Students_with_and_without_teacher_differ_in_nothing_else(string folder)
    {
        Recipe plain = Load($"{folder}/student");
        Recipe distilled = Load($"{folder}/student_ld");
        Assert.Equal(plain.ToYaml(), (distilled with
        {
            Name = plain.Name,
            Description = plain.Description,
            Teacher = null,
            Distillation = []
        }).ToYaml());
        Assert.NotEmpty(distilled.Distillation);
    }

    [Fact]
    public void The_yardstick_has_the_settings_it_was_measured_with()
    {
        Recipe recipe = Load("bccd/yardstick");
        BackboneOptions backbone = recipe.Model.Backbone;
        Assert.Equal((18, 1.0, null, NormalizationMode.Train, -1), (
            backbone.Depth, backbone.Width, backbone.Weights, backbone.NormMode, backbone.FrozenStages));
        Assert.Equal((16, 100, 0.001, 4), (recipe.Schedule.Epochs, recipe.Schedule.Warmup.Iterations, recipe.Schedule.Warmup.Ratio,
            recipe.Loader.BatchSize));
        Assert.Equal([11, 14], recipe.Schedule.Steps);
        Assert.Equal([new ImageSize(320, 240)], recipe.Input.Scales);
    }

    private static BoxLossKind BoxLoss(Recipe recipe) => recipe.Model.Losses switch
    {
        GflOptions gfl => gfl.Box.Type,
        CenternessOptions centerness => centerness.Box.Type,
        RetinaOptions retina => retina.Box.Type,
        _ => throw new InvalidOperationException($"{recipe.Name} has no loss of upright boxes"),
    };
}
