using Retort.Torch.Checkpoints;
using Retort.Training.Building;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Runs;
using Retort.Vision.Imaging;

namespace Retort.Training.Tests.Running;

/// <summary>A run that was stopped and continued is the run that was not, to the last bit.</summary>
public sealed class ResumeTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private const string Imitation =
        "distillation=[{knowledge: feature, region: everywhere, divergence: mse, weighting: one, normalisation: per-positive, weight: 2}]";

    private static readonly string[] s_adam =
        ["optimizer.type=adamw", "optimizer.learningRate=0.001", "optimizer.biasWeightDecayMultiplier=0", "optimizer.gradientClip=5",
            "ema.enabled=true", "ema.decay=0.9"];

    // In the first step, within an epoch, exactly between two, and again and again.
    private static readonly long[][] s_stops = [[1], [4], [TinyData.StepsPerEpoch], [3, 8, (2 * TinyData.StepsPerEpoch) - 1]];

    [Fact]
    public void With_momentum()
    {
        using var runs = new TinyRuns(data);
        CheckEveryStop(runs);
    }

    [Fact]
    public void With_AdamW_averaged_weights_and_clipped_gradients()
    {
        using var runs = new TinyRuns(data);
        CheckEveryStop(runs, s_adam);
    }

    [Theory]
    [InlineData("conv1x1", true, 2)]
    [InlineData("conv3x3", false, 6)]
    public void With_layers_that_only_the_distillation_has(string type, bool shared, int parameters)
    {
        using var runs = new TinyRuns(data);
        RunFolder run = CheckEveryStop(
            runs,
            runs.Teacher("model.neck.channels=24"),
            $"adaptation={{type: {type}, shared: {(shared ? "true" : "false")}}}",
            Imitation);
        Assert.Equal(parameters, FlatCheckpoint.Read(run.LastCheckpoint, "distillation_state_dict").Length);
        Assert.DoesNotContain(FlatCheckpoint.Read(run.LastCheckpoint, "state_dict"),
            line => line.Contains("adaptation", StringComparison.Ordinal));
        string published = Publisher.Publish(run.LastCheckpoint, run.Path);
        Assert.DoesNotContain(FlatCheckpoint.Read(published), line => line.Contains("adaptation", StringComparison.Ordinal)
            || line.StartsWith("distillation", StringComparison.Ordinal));
    }

    [Fact]
    public void Layers_of_the_distillation_are_trained()
    {
        using var runs = new TinyRuns(data);
        string[] options = [runs.Teacher("model.neck.channels=24"), "adaptation.type=conv1x1", Imitation];
        string[] After(int steps) => FlatCheckpoint.Read(TinyRuns.Train(
            runs.Recipe($"steps-{steps}", options), stopAfter: steps).LastCheckpoint, "distillation_state_dict");
        Assert.All(After(1).Zip(After(2)), pair => Assert.NotEqual(pair.First, pair.Second));
    }

    [Fact]
    public void A_checkpoint_without_the_distillations_layers_is_refused_by_a_recipe_that_has_them()
    {
        using var runs = new TinyRuns(data);
        string[] without = [runs.Teacher(), Imitation];
        TinyRuns.Train(runs.Recipe("grown", without), stopAfter: 1);
        Recipe with = runs.Recipe("grown", [.. without, "adaptation.type=conv1x1"]);
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => TinyRuns.Train(with, resume: true));
        Assert.Contains("distillation_state_dict", refusal.Message);
    }

    [Fact]
    public void A_complete_run_stays_as_it_is()
    {
        using var runs = new TinyRuns(data);
        Recipe recipe = runs.Recipe("complete", "schedule.epochs=1", "schedule.steps=[]");
        RunFolder folder = TinyRuns.Train(recipe);
        (byte[] checkpoint, string log) = (File.ReadAllBytes(folder.LastCheckpoint), File.ReadAllText(folder.LogFile));
        TinyRuns.Train(recipe, resume: true);
        Assert.Equal(checkpoint, File.ReadAllBytes(folder.LastCheckpoint));
        Assert.Equal(log, File.ReadAllText(folder.LogFile));
    }

    [Theory]
    [InlineData("val", TinyData.StepsPerEpoch)]
    [InlineData("train", TinyData.StepsPerEpoch - 2)]
    public void A_picture_that_cannot_be_read_costs_nothing_of_what_was_trained(string part, int steps)
    {
        using var runs = new TinyRuns(data);
        string root = $"data.root={data.CopyTo(Path.Combine(runs.Folder, "data"))}";
        RunFolder whole = TinyRuns.Train(runs.Recipe("whole", root));
        Recipe recipe = runs.Recipe("failed", root);
        string picture = PictureOf(recipe, part, steps);
        byte[] content = File.ReadAllBytes(picture);
        File.WriteAllBytes(picture, content[..100]);
        Assert.Throws<ImageFormatException>(() => TinyRuns.Train(recipe));
        RunFolder failed = RunFolder.For(recipe);
        Assert.Equal(new TrainingState(0, steps, steps), TrainingCheckpoint.ReadState(failed.LastCheckpoint));
        File.WriteAllBytes(picture, content);
        TinyRuns.Train(recipe, resume: true);
        Assert.Equal(FlatCheckpoint.Read(whole.LastCheckpoint), FlatCheckpoint.Read(failed.LastCheckpoint));
        Assert.Equal(FlatCheckpoint.Read(whole.BestCheckpoint), FlatCheckpoint.Read(failed.BestCheckpoint));
        Assert.Equal(File.ReadAllText(whole.LogFile), File.ReadAllText(failed.LogFile));
    }

    [Fact]
    public void Other_seeds_give_other_runs()
    {
        // Without this the tests above could pass on a loop that does not train.
        using var runs = new TinyRuns(data);
        string[] Final(string name, string seed) =>
            FlatCheckpoint.Read(TinyRuns.Train(runs.Recipe(name, seed, "schedule.epochs=1", "schedule.steps=[]")).LastCheckpoint,
                "state_dict");
        Assert.NotEqual(Final("a", "seed=1"), Final("b", "seed=2"));
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_is_refused_by_its_name()
    {
        using var runs = new TinyRuns(data);
        TinyRuns.Train(runs.Recipe("other", "schedule.epochs=1", "schedule.steps=[]"), stopAfter: 1);
        string Refusal(string change) =>
            Assert.Throws<CheckpointException>(() => TinyRuns.Train(runs.Recipe("other", change), resume: true)).Message;
        Assert.Matches(
            @"other/last\.ckpt: optimizer: the optimizer's state has groups of \d+ parameters, the network has \d+, \d+: .*recipe\.yaml",
            Refusal("optimizer.biasWeightDecayMultiplier=0"));
        Assert.Matches(@"other/last\.ckpt: .*ema_state_dict", Refusal("ema.enabled=true"));
    }

    // A picture to measure with, or one of the batch after so many.
    private static string PictureOf(Recipe recipe, string part, int batches)
    {
        using TrainingSetup setup = TrainingSetup.Build(recipe);
        return part == "val" ? setup.EvaluationData![0].Path : setup.TrainingData[setup.TrainingLoader.Order(0)[batches][0]].Path;
    }

    private static RunFolder CheckEveryStop(TinyRuns runs, params string[] overrides)
    {
        RunFolder whole = TinyRuns.Train(runs.Recipe("whole", overrides));
        string[] expected = FlatCheckpoint.Read(whole.LastCheckpoint);
        Assert.Contains(expected, line => line.StartsWith("optimizer/state/", StringComparison.Ordinal));
        Assert.Equal(overrides.Contains("ema.enabled=true"), expected.Any(
            line => line.StartsWith("ema_state_dict/", StringComparison.Ordinal)));
        foreach (long[] stops in s_stops)
        {
            Recipe recipe = runs.Recipe("stopped-" + string.Join('-', stops), overrides);
            for (int k = 0; k <= stops.Length; k++)
            {
                TinyRuns.Train(recipe, resume: k > 0, stopAfter: k < stops.Length ? stops[k] : null);
            }

            RunFolder continued = RunFolder.For(recipe);
            Assert.Equal(expected, FlatCheckpoint.Read(continued.LastCheckpoint));
            Assert.Equal(FlatCheckpoint.Read(whole.BestCheckpoint), FlatCheckpoint.Read(continued.BestCheckpoint));
            Assert.Equal(File.ReadAllText(whole.LogFile), File.ReadAllText(continued.LogFile));
        }

        return whole;
    }
}
