using Retort.Training.Recipes;

namespace Retort.Cli.Tests;

public sealed class RecipesCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_says_what_each_recipe_is_for()
    {
        const string Data = "data: {train: {annotations: a, images: i}}\n";
        _folder.Write("_base.yaml", Data);
        _folder.Write("cells/teacher.yaml", "description: The large one [40 MB]\n" + Data);
        _folder.Write("cells/student.yaml", "description: The small one\npaper: {table: Table 3, row: R-101 -> R-18, ap: 37.5}\n" + Data);
        CapturedCommand shown = CapturedCommand.Run("recipes", "--folder", _folder.Path);
        Assert.Equal(
            """
              recipe          what it is for          the paper's result
            ───────────────────────────────────────────────────────────────────────────
              cells/student   The small one           Table 3, R-101 -> R-18: AP 37.5
              cells/teacher   The large one [40 MB]

            """,
            shown.Output);
        Assert.Equal(0, shown.Code);
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
        Assert.Contains(new RecipeOption("schedule.epochs", "12", "from 1 to 10000", "Times that training goes through the data."), options);
        Assert.Contains(options, o => o is { Path: "distillation[].region", Default: "main" } && o.Range.StartsWith("main, valuable-localization", StringComparison.Ordinal));
        Assert.Contains(options, o => o is { Path: "input.mean", Default: "[123.675, 116.28, 103.53]" });
        Assert.Contains(options, o => o.Path == "teacher.model" && o.Meaning.EndsWith("Keys as in 'model'."));
        Assert.Contains(options, o => o is { Path: "teacher.weights", Default: "required" });
        Assert.All(options, o => Assert.EndsWith(".", o.Meaning));
        string output = CapturedCommand.Run("recipes", "--options").Output;
        Assert.All(options, o => Assert.Contains($"{o.Path}:", output));
        Assert.Contains("\nschedule.epochs: 12  (from 1 to 10000)\n    Times that training goes through the data.\n", output);
    }
}
