using Retort.Torch.Checkpoints;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;

namespace Retort.Training.Tests.Running;

/// <summary>A loss that is not a number stops the run before it spoils the weights.</summary>
public sealed class DivergenceTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private static readonly string[] s_absurdRate =
        ["optimizer.learningRate=100", "optimizer.weightDecay=10", "schedule.warmup.type=none", "schedule.epochs=8",
            "log.checkpointInterval=1"];

    // Dividing by it takes every pixel beyond float32.
    private const string EndlessPixels = "input.std=[1e-38, 1e-38, 1e-38]";

    [Fact]
    public void An_absurd_learning_rate_stops_the_run_with_the_weights_of_the_step_before()
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.Recipe("diverging", s_absurdRate);
        RunFolder folder = RunFolder.Create(recipe);
        using TrainingSetup setup = TrainingSetup.Build(recipe);
        var run = new TrainingRun(setup, folder, new StoppingObserver());
        var error = Assert.Throws<TrainingDivergedException>(() => run.Execute(resume: false));
        Assert.Contains("learning rate 100", error.Message);
        Assert.Contains(folder.OffendingBatch, error.Message);
        Assert.EndsWith("Lower optimizer.learningRate or set optimizer.gradientClip (35 is usual), and go on from the last checkpoint "
            + "with --resume --allow-changes.", error.Message);
        using Checkpoint before = Checkpoint.Open(folder.LastCheckpoint);
        Assert.All(
            setup.Detector.NamedParameters(),
            p => Assert.Equal(before.StateDict[p.Name].Bytes.ToArray(), p.Tensor.ToStored().Bytes.ToArray()));
    }

    [Fact]
    public void The_batch_is_kept_with_the_names_of_its_images()
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.Recipe("endless", EndlessPixels);
        Assert.EndsWith("and begin anew: there is no checkpoint yet.",
            Assert.Throws<TrainingDivergedException>(() => TinyRuns.Train(recipe)).Message);
        SafetensorsFile batch = SafetensorsFile.Read(RunFolder.For(recipe).OffendingBatch);
        string[] images = batch.Metadata["images"].Split('\n');
        Assert.Equal(batch.Tensors["images"].Shape[0], images.Length);
        Assert.All(images, image => Assert.True(File.Exists(image), image));
        Assert.Contains(batch.Tensors["images"].As<float>().ToArray(), value => !float.IsFinite(value));
        Assert.All(images.Index(), image => Assert.Equal(4 * batch.Tensors[$"labels.{image.Index}"].Count,
            batch.Tensors[$"boxes.{image.Index}"].Count));
        Assert.Contains("NaN", batch.Metadata["losses"]);
        Assert.False(RunFolder.For(recipe).CanResume);
    }

    [Fact]
    public void The_last_checkpoint_goes_on_as_if_nothing_had_been()
    {
        using var runs = new TinyRuns(data);
        RunFolder whole = TinyRuns.Train(runs.Recipe("whole"));
        RunFolder folder = TinyRuns.Train(runs.Recipe("spoilt"), stopAfter: 4);
        string[] before = FlatCheckpoint.Read(folder.LastCheckpoint);
        Assert.Throws<TrainingDivergedException>(() => TinyRuns.Train(runs.Recipe("spoilt", EndlessPixels), resume: true));
        Assert.Equal(before, FlatCheckpoint.Read(folder.LastCheckpoint));
        TinyRuns.Train(runs.Recipe("spoilt"), resume: true);
        Assert.Equal(FlatCheckpoint.Read(whole.LastCheckpoint), FlatCheckpoint.Read(folder.LastCheckpoint));
    }
}
