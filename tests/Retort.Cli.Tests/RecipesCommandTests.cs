using System.Diagnostics;
using Retort.Recipes;

namespace Retort.Cli.Tests;

public sealed class RecipesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_says_what_each_recipe_is_for()
    {
        WriteCells();
        CapturedCommand shown = CapturedCommand.Run("recipes", "--folder", _folder.Path);
        Assert.Equal(0, shown.Code);
        Assert.Equal(
            """
            cells/student: The small one
                gfl resnet-18-dcn x0.5 without DFL <- gfl resnet-50, 12 epochs of 4 at 0.01 (less after 8, 11)
                also called: ld_r18, ld-small
                terms: LD main (0.25, T 10), boxes main (1, margin 0.3)
                published: Table 3, R-101 -> R-18: 37.5
                    Readme, R-18: 36.5
                teacher's weights: retort train teacher, or published:
                    https://example.org/big-0123abcd.pth
            cells/teacher: The large one [40 MB]
                gfl resnet-50, 3 epochs of 8 at 0.005, many scales
                weights: https://example.org/big-0123abcd.pth

            """,
            shown.Output);

        CapturedCommand filtered = CapturedCommand.Run("recipes", "--folder", _folder.Path, "--filter", "table 3");
        Assert.StartsWith("cells/student", filtered.Output);
        Assert.DoesNotContain("cells/teacher:", filtered.Output);
        Assert.Equal(filtered.Output, CapturedCommand.Run("recipes", "--folder", _folder.Path, "--filter", "LD-small").Output);
        TrainCommandTests.Refused(CapturedCommand.Run("recipes", "--folder", _folder.Path, "--filter", "table 9"),
            "no recipe has 'table 9'");
    }

    [Fact]
    public void A_file_that_is_no_recipe_is_a_row_and_hides_no_other()
    {
        WriteCells();
        _folder.Write("cells/list.yaml", "- a\n- b\n");
        _folder.Write("cells/odd.yaml", "sede: 1\n");
        CapturedCommand shown = CapturedCommand.Run("recipes", "--folder", _folder.Path);
        Assert.Equal((0, 4), (shown.Code, shown.Output.Split('\n').Count(line => line.StartsWith("cells/"))));
        Assert.Matches(@"(?m)^cells/list: fails: \S+list\.yaml:1: ", shown.Output);
        Assert.Matches(@"(?m)^cells/odd: fails: \S+odd\.yaml:1: unknown key 'sede'", shown.Output);
    }

    [Theory]
    [InlineData("to check one recipe, omit them", "bccd/student", "check", "--filter", "x")]
    [InlineData("to show one recipe, omit them", "bccd/student", "--filter", "x")]
    [InlineData("--options lists the options of all recipes", "bccd/student", "--options")]
    [InlineData("--set changes one recipe; name it", "--set", "seed=1")]
    public void What_would_have_no_effect_is_refused(string message, params string[] arguments) =>
        TrainCommandTests.Refused(CapturedCommand.Run(["recipes", .. arguments]), message);

    [Fact]
    public void A_shown_recipe_says_how_to_get_its_teachers_weights()
    {
        string student = WriteCells();
        string said = CapturedCommand.Run("recipes", student).Error;
        Assert.Contains("the teacher's weights, w.pth: train them with 'retort train teacher'", said);
        Assert.Contains("or take the published ones with --set teacher.weights=https://example.org/big-0123abcd.pth\n", said);
        said = CapturedCommand.Run("recipes", student, "--set", "teacher.weights=https://example.org/big-0123abcd.pth").Error;
        Assert.EndsWith(
            "the teacher's weights are downloaded from https://example.org/big-0123abcd.pth where they are not in the cache; or train "
                + "them with 'retort train teacher' and name the file with --set teacher.weights=...\n",
            said);
    }

    [Fact]
    public void A_recipe_whose_teacher_is_taken_away_is_shown_without_one()
    {
        CapturedCommand shown = CapturedCommand.Run("recipes", WriteCells(), "--set", "teacher=null", "--set", "distillation=[]");
        Assert.Equal(0, shown.Code);
        Assert.DoesNotContain("teacher:", shown.Output);
    }

    [Fact]
    public void A_recipe_is_found_by_the_name_that_the_documents_have_for_it()
    {
        using Process shown = RetortProcess.Start(["recipes", "ld_gflv1_r101_r18_fpn_voc"], $"export RETORT_HOME='{Repository.Root}'");
        (int code, string said) = RetortProcess.Finish(shown);
        Assert.True(code == 0, said);
        Assert.Contains("train them with 'retort train voc/gfl_r101_16e'", said);
    }

    private string WriteCells()
    {
        const string Data = "data: {train: {annotations: a, images: i}}\n";
        const string Schedule = "loader: {batchSize: 8}\noptimizer: {baseBatchSize: 16}\nschedule: {epochs: 3, steps: []}\ninput: "
            + "{scales: [[640, 480], [640, 400]], mode: range}\n";
        _folder.Write("_base.yaml", Data);
        _folder.Write("cells/teacher.yaml", "description: The large one [40 MB]\npublished: https://example.org/big-0123abcd.pth\n" + Data
            + Schedule);
        return _folder.Write(
            "cells/student.yaml",
            "description: The small one\naliases: [ld_r18, ld-small]\npaper: [{table: Table 3, row: R-101 -> R-18, ap: 37.5}, {table: "
                + "Readme, row: R-18, ap: 36.5}]\n" + Data
            + "model: {backbone: {depth: 18, width: 0.5, deformable: {}}, losses: {distribution: {weight: 0}}}\nteacher: {recipe: "
                + "teacher.yaml, weights: w.pth}\n"
            + "distillation: [{region: main}, {knowledge: boxes, divergence: teacher-bounded-regression, margin: 0.3, weight: 1}]\n");
    }

    [Fact]
    public void A_recipe_is_shown_so_that_it_can_be_used_again()
    {
        string file = _folder.Write("x.yaml", "data: {train: {annotations: a, images: i}}\noptimizer: {baseBatchSize: 16}\n");
        CapturedCommand shown = CapturedCommand.Run("recipes", file, "--set", "loader.batchSize=8", "--set", "seed=3");
        Assert.Equal("learning rate 0.005 = 0.01 x 8/16, inferred from loader.batchSize 8 by the linear rule\n", shown.Error);
        Recipe again = Recipe.Parse(shown.Output, "output");
        Assert.Equal((8, 3L), (again.Loader.BatchSize, again.Seed));
    }

    [Fact]
    public void A_mistake_in_a_recipe_is_one_plain_sentence()
    {
        string file = _folder.Write("x.yaml", "data: {train: {annotations: a, images: i}}\n\noptimzer: {}\n");
        CapturedCommand shown = CapturedCommand.Run("recipes", file);
        Assert.Equal((2, ""), (shown.Code, shown.Output));
        Assert.Matches(@"^retort: \S+x\.yaml:3: unknown key 'optimzer'; did you mean 'optimizer'\?\n$", shown.Error);
    }

    [Fact]
    public void Every_option_is_listed_with_its_default_range_and_meaning()
    {
        IReadOnlyList<RecipeOption> options = RecipeReference.All();
        Assert.Contains(new RecipeOption("schedule.epochs", "12", "from 1 to 10000", "Times that training goes through the data."),
            options);
        Assert.Contains(options, o => o is { Path: "distillation[].region", Default: "main" }
            && o.Range.StartsWith("main, valuable-localization", StringComparison.Ordinal));
        Assert.Contains(options, o => o is { Path: "input.mean", Default: "[123.675, 116.28, 103.53]" });
        Assert.Contains(options, o => o.Path == "teacher.model" && o.Meaning.EndsWith("Keys as in 'model'."));
        Assert.Contains(options, o => o is { Path: "teacher.weights", Default: "required" });
        Assert.All(options, o => Assert.EndsWith(".", o.Meaning));
        string output = CapturedCommand.Run("recipes", "--options").Output;
        Assert.All(options, o => Assert.Contains($"{o.Path}:", output));
        Assert.Contains("\nschedule.epochs: 12  (from 1 to 10000)\n    Times that training goes through the data.\n", output);
    }
}
