using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>A run in which no object reaches the network learns nothing of objects, and says so.</summary>
public sealed class NoPositivesTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    [Fact]
    public void An_epoch_without_a_positive_prior_warns_and_says_what_to_change()
    {
        // Of images of 8 x 8 pixels only the corner is the centre of a prior, and no object reaches it.
        string warning = Assert.Single(Warnings("input.scales=[[8, 8]]", "schedule.epochs=1", "schedule.steps=[]"));
        Assert.StartsWith("warning: epoch 1: no object has a positive prior", warning);
        Assert.Contains("'retort dataset regions'", warning);
        Assert.Contains("larger 'input.scales'", warning);
    }

    [Fact]
    public void An_epoch_with_positive_priors_does_not() => Assert.Empty(Warnings("schedule.epochs=1", "schedule.steps=[]"));

    private List<string> Warnings(params string[] overrides)
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.Recipe("tiny", overrides);
        var warnings = new List<string>();
        using TrainingSetup setup = TrainingSetup.Build(recipe, warn: warnings.Add);
        warnings.Clear();
        new TrainingRun(setup, RunFolder.Create(recipe), new StoppingObserver()).Execute(resume: false);
        return warnings;
    }
}
