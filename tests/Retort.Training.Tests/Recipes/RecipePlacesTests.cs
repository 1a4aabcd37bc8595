using Retort.Recipes;
using Retort.Training.Studies;

namespace Retort.Training.Tests.Recipes;

/// <summary>A person's own folder of recipes beside the one that comes with Retort, as far from the checkout as one may work.</summary>
public sealed class RecipePlacesTests : IDisposable
{
    private const string Home = "RETORT_HOME";
    private readonly RecipeFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string? _home = Environment.GetEnvironmentVariable(Home);

    public RecipePlacesTests()
    {
        _folder.Write("retort/recipes/own-data/student.yaml",
            $"description: shipped\n{RecipeFolder.Minimal}model: {{backbone: {{depth: 18}}}}\n");
        _folder.Write("retort/recipes/own-data/teacher.yaml", RecipeFolder.Minimal + "model: {backbone: {depth: 101}}\n");
        _folder.Write("retort/recipes/studies/shipped.yaml", "");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "work"));
        Directory.SetCurrentDirectory(Path.Combine(_folder.Path, "work"));
        Environment.SetEnvironmentVariable(Home, Path.Combine(_folder.Path, "retort"));
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Environment.SetEnvironmentVariable(Home, _home);
        _folder.Dispose();
    }

    [Fact]
    public void A_folder_of_ones_own_hides_nothing_and_comes_first()
    {
        _folder.Write("work/recipes/bottles.yaml", RecipeFolder.Minimal);
        _folder.Write("work/recipes/own-data/student.yaml", "description: mine\n" + RecipeFolder.Minimal);
        _folder.Write("work/recipes/studies/mine.yaml", "");
        Assert.Equal(
            [("bottles", ""), ("own-data/student", "mine"), ("own-data/teacher", "")], RecipeCatalog.List(RecipePlaces.All)
                .Select(entry => (entry.Name, entry.Description)));
        Assert.EndsWith("retort/recipes/own-data/teacher.yaml", RecipeCatalog.Find(RecipePlaces.All, "own-data/teacher"));
        Assert.Equal("recipes/own-data/student.yaml", RecipeCatalog.Find(RecipePlaces.All, "own-data/student"));
        Assert.Equal(["mine", "shipped"], Study.Files(RecipePlaces.All).Select(Path.GetFileNameWithoutExtension));
        Assert.EndsWith("retort/recipes/studies/shipped.yaml", Study.Find(RecipePlaces.All, "shipped"));
    }

    [Fact]
    public void A_recipe_anywhere_builds_on_those_that_come_with_Retort()
    {
        string mine = _folder.Write("elsewhere/mine.yaml",
            "include: own-data/student.yaml\nteacher: {recipe: own-data/teacher.yaml, weights: w}\n");
        Recipe recipe = Recipe.Load(mine);
        Assert.Equal((18, 101), (recipe.Model.Backbone.Depth, recipe.Teacher!.Model!.Backbone.Depth));
        Assert.EndsWith("retort/recipes/own-data/teacher.yaml", RecipeCatalog.Describe(mine, "mine").TeacherFile);

        _folder.Write("elsewhere/own-data/student.yaml", RecipeFolder.Minimal + "model: {backbone: {depth: 34}}\n");
        Assert.Equal(34, Recipe.Load(mine).Model.Backbone.Depth);
        Assert.Contains(
            Path.Combine("retort", "recipes"),
                Assert.Throws<RecipeException>(
                () => Recipe.Load(_folder.Write("elsewhere/other.yaml", "include: own-data/nothing.yaml\n"))).Message);
    }

    [Fact]
    public void In_the_checkout_there_is_one_folder()
    {
        Directory.SetCurrentDirectory(Path.Combine(_folder.Path, "retort"));
        Assert.Equal(["recipes"], RecipePlaces.All);
    }
}
