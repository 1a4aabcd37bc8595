using Retort.Core;
using Retort.Cli.Recipes;

namespace Retort.Cli.Tests;

/// <summary>Every recipe is put together and makes a step, without its data and weights.</summary>
public sealed class RecipesCheckCommandTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    [Fact]
    public void Recipes_that_work_and_those_that_do_not_are_told_apart()
    {
        using var folder = new TemporaryFolder();
        data.WriteRecipe(folder.Path, "good", "teacher: {recipe: plain.yaml, weights: nowhere.pth}\ndistillation: [{region: main}]");
        data.WriteRecipe(folder.Path, "plain", data: "/nowhere");
        data.WriteRecipe(folder.Path, "endless", "optimizer: {learningRate: 0.1}");
        File.WriteAllText(Path.Combine(folder.Path, "endless.yaml"), File.ReadAllText(Path.Combine(folder.Path, "endless.yaml"))
            .Replace("input: {", "input: {std: [1e-38, 1e-38, 1e-38], "));
        data.WriteRecipe(folder.Path, "misspelt", "sede: 3");
        CapturedCommand check = CapturedCommand.Run("recipes", "check", "--folder", folder.Path);
        Assert.Equal(2, check.Code);
        string Row(string name) => check.Output.Split('\n').Single(line => line.StartsWith($"  {name} ", StringComparison.Ordinal));
        Assert.Contains("ok", Row("plain"));
        Assert.Contains("ld ", Row("good"));
        Assert.Contains("fails", Row("endless"));
        Assert.Contains("fails", Row("misspelt"));
        Assert.Contains("unknown key 'sede'", check.Output);
        Assert.Contains("2 of 4 recipes work", check.Output);
        Assert.Equal(0, CapturedCommand.Run("recipes", "check", "--folder", folder.Path, "--filter", "good").Code);
        CapturedCommand unknown = CapturedCommand.Run("recipes", "check", "--folder", folder.Path, "--filter", "good", "--set",
            "model.backbone.weights=torchvision://resnet19");
        Assert.Equal(2, unknown.Code);
        Assert.Contains("0 of 1 recipe works", unknown.Output);
    }

    [Fact]
    public void A_mistake_of_Retorts_own_is_told_from_those_of_recipes()
    {
        RecipeOutcome Failing(Exception e) => RecipeOutcome.Of(() => throw e);
        RecipeOutcome ours = Failing(new AggregateException(new RetortException("theirs"), new InvalidOperationException("ours")));
        RecipeOutcome theirs = Failing(new RetortException("theirs"));
        Assert.Equal((1, "internal error (a bug in Retort), InvalidOperationException: ours"), (ours.Code, ours.Detail));
        Assert.Equal((2, "theirs"), (theirs.Code, theirs.Detail));
        Assert.StartsWith("there is not enough memory", Failing(new OutOfMemoryException("full")).Detail);
        RecipeOutcome good = RecipeOutcome.Of(() => "");
        Assert.Equal([0, 2, 1], new RecipeOutcome[][] { [good], [good, theirs], [theirs, good, ours] }.Select(RecipeOutcome.CodeOf));
    }

    [Fact]
    public void One_recipe_is_checked_by_its_file()
    {
        using var folder = new TemporaryFolder();
        string file = data.WriteRecipe(folder.Path, "plain", data: "/nowhere");
        foreach (string[] command in new[] { new[] { "recipes", "check", file }, ["recipes", file, "check"] })
        {
            CapturedCommand check = CapturedCommand.Run(command);
            Assert.True(check.Code == 0, check.Output + check.Error);
            Assert.Contains("1 of 1 recipe works", check.Output);
        }

        TrainCommandTests.Refused(CapturedCommand.Run("recipes", "check", Path.Combine(folder.Path, "plian.yaml")), "there is no");
    }

    [Fact]
    public void Recipes_of_the_demonstration_work()
    {
        CapturedCommand check = CapturedCommand.Run("recipes", "check", "--folder", Path.Combine(Repository.Root, "recipes"), "--filter",
            "demo/student");
        Assert.True(check.Code == 0, check.Output + check.Error);
        Assert.Contains("2 of 2 recipes work", check.Output);
    }
}
