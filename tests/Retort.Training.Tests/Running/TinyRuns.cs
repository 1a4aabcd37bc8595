using Retort.Training.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>Runs of one test in a folder of their own, removed after it.</summary>
internal sealed class TinyRuns(TinyData data) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-runs-").FullName;

    /// <summary>The recipe of a run with overrides.</summary>
    public Recipe Recipe(string name, params IEnumerable<string> overrides) => Retort.Training.Recipes.Recipe.Load(data.WriteRecipe(_folder, name), overrides);

    /// <summary>Trains a teacher whose features are wider than the recipe's, and returns the override that names it.</summary>
    public string WiderTeacher()
    {
        const string wider = "model.neck.channels=24";
        RunFolder teacher = Train(Recipe("wider", wider, "schedule.epochs=1", "schedule.steps=[]", "evaluation.interval=0"));
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
