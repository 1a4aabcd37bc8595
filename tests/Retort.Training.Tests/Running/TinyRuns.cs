using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>Runs of one test in a folder of their own, removed after it.</summary>
internal sealed class TinyRuns(TinyData data) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-runs-").FullName;

    /// <summary>Where recipes and runs are, and what else a test needs.</summary>
    public string Folder => _folder;

    /// <summary>The recipe of a run with overrides.</summary>
    public Recipe Recipe(string name, params IEnumerable<string> overrides) =>
        Retort.Recipes.Recipe.Load(data.WriteRecipe(_folder, name), overrides);

    /// <summary>The same with parts of recipes that come with Retort, such as <c>ld_reference</c>.</summary>
    public Recipe RecipeWithParts(string name, string[] parts, params IEnumerable<string> overrides)
    {
        string include = string.Join(", ", parts.Select(part => Path.Combine(Repository.Root, "recipes/_base", part + ".yaml")));
        return Retort.Recipes.Recipe.Load(data.WriteRecipe(_folder, name, $"include: [{include}]"), overrides);
    }

    /// <summary>Trains a teacher, whose recipe may differ, for one step, and returns the override that names it.</summary>
    public string Teacher(params IEnumerable<string> overrides)
    {
        RunFolder teacher = Train(Recipe("teacher", overrides), stopAfter: 1);
        return $"teacher={{recipe: {teacher.RecipeFile}, weights: {teacher.LastCheckpoint}}}";
    }

    /// <summary>Trains from the beginning or from the last checkpoint, and stops after a step where one is given.</summary>
    public static RunFolder Train(Recipe recipe, bool resume = false, long? stopAfter = null)
    {
        RunFolder folder = resume ? RunFolder.For(recipe) : RunFolder.Create(recipe);
        using TrainingSetup setup = TrainingSetup.Build(recipe);
        using var stop = new CancellationTokenSource();
        new TrainingRun(setup, folder, new StoppingObserver(stopAfter, stop)).Execute(resume, stop.Token);
        return folder;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
