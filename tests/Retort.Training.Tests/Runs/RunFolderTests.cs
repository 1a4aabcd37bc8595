using Retort.Recipes;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retort-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Recipe Recipe(string output = "runs") => new()
    {
        Name = "cells/student",
        Output = Path.Combine(_folder, output),
        Data = new DataOptions { Train = new DatasetOptions { Annotations = "a", Images = "i" } },
    };

    [Fact]
    public void A_new_run_holds_its_recipe()
    {
        RunFolder run = RunFolder.Create(Recipe());
        Assert.Equal(Path.Combine(_folder, "runs", "cells/student"), run.Path);
        Assert.Equal(Recipe().ToYaml(), Retort.Recipes.Recipe.Load(RunFolder.Open(run.Path).RecipeFile).ToYaml());
        Assert.False(run.CanResume);
    }

    [Fact]
    public void A_run_is_not_overwritten()
    {
        RunFolder run = RunFolder.Create(Recipe());
        File.WriteAllText(run.LastCheckpoint, "");
        Assert.True(run.CanResume);
        string message = Assert.Throws<RunException>(() => RunFolder.Create(Recipe())).Message;
        Assert.Contains("there is a run in this folder; continue it with --resume", message);
        Assert.Contains("--set name=cells/student-2", message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_reported_before_training()
    {
        // A file stands where the folder should be: this fails for every user, the superuser too.
        File.WriteAllText(Path.Combine(_folder, "occupied"), "");
        Assert.Contains("the run folder cannot be written", Assert.Throws<RunException>(
            () => RunFolder.Create(Recipe("occupied"))).Message);
    }

    [Fact]
    public void A_folder_without_a_run_is_not_one() =>
        Assert.Contains("this is not the folder of a run", Assert.Throws<RunException>(() => RunFolder.Open(_folder)).Message);
}
