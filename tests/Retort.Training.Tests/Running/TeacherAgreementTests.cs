using Retort.Training.Weights;
using Retort.Core;
using Retort.Recipes;
using Retort.Training.Building;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>A teacher predicts as it was trained, whatever recipe a student names for it.</summary>
public sealed class TeacherAgreementTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    [Theory]
    [InlineData("teacher.model.backbone.style=caffe", "model.backbone.style: pytorch -> caffe")]
    [InlineData("teacher.model.neck.reluBeforeExtraConvs=true", "model.neck.reluBeforeExtraConvs: false -> true")]
    [InlineData("input.mean=[1, 2, 3]", "input.mean: ")]
    [InlineData("input.colorOrder=bgr", "input.colorOrder: rgb -> bgr")]
    public void Another_network_or_input_than_it_was_trained_with_is_refused(string change, string expected)
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = Distilled(runs, change);
        string message = Assert.Throws<RecipeException>(() => TrainingSetup.Build(recipe).Dispose()).Message;
        Assert.Contains("the teacher was trained as another network, or on images prepared in another way", message);
        Assert.Contains(expected, message);
        Assert.Equal(change.StartsWith("teacher.model.", StringComparison.Ordinal),
            message.Contains("for instance by --set teacher.model.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_mattered_to_its_training_only_may_differ()
    {
        using var runs = new TinyRuns(data);
        using TrainingSetup setup = TrainingSetup.Build(Distilled(runs, "teacher.model.backbone.frozenStages=1",
            "teacher.model.losses.box.weight=1", "teacher.model.priors.octaveBaseScale=5", "schedule.epochs=7"));
        Assert.NotNull(setup.Teaching);
    }

    [Fact]
    public void Reading_a_recipe_opens_no_weights_and_preparing_it_does()
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.RecipeWithParts("student", ["ld_reference"], "teacher={weights: nowhere.ckpt}");
        Assert.Null(recipe.Teacher!.Model);
        Assert.Contains("nowhere.ckpt", Assert.ThrowsAny<RetortException>(
            () => TeachingBuilder.WithModel(recipe, WeightsStore.FilesOnly)).Message);
    }

    // The teacher's network stands in the student's recipe, so that nothing but its file can tell what it was trained as.
    private static Recipe Distilled(TinyRuns runs, params string[] changes)
    {
        Recipe teacher = runs.Recipe("teacher");
        string weights = TinyRuns.Train(teacher, stopAfter: 1).LastCheckpoint;
        string file = Path.Combine(runs.Folder, "canonical.yaml");
        File.WriteAllText(file, TeachingBuilder.WithModel(runs.RecipeWithParts("student", ["ld_reference"],
            $"teacher={{weights: {weights}}}"), WeightsStore.FilesOnly).ToYaml());
        return Recipe.Load(file, changes);
    }
}
