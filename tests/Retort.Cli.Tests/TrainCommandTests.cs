using Retort.Torch;
using Retort.Torch.Checkpoints;

namespace Retort.Cli.Tests;

/// <summary>
/// What a person reads where a run cannot start or go on: always exit code 2, file, place and remedy, and nothing half done.
/// </summary>
public sealed class TrainCommandTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private static readonly string[] s_short = ["--set", "schedule.epochs=1", "--set", "schedule.steps=[]"];

    [Fact]
    public void A_run_says_what_it_took_and_what_comes_next()
    {
        using var folder = new TemporaryFolder();
        CapturedCommand run = Train(data.WriteRecipe(folder.Path));
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("tiny: 12 images", run.Error);
        Assert.Contains("learning rate 0.01", run.Error);
        Assert.Contains("warning: the warm-up takes 4 of all 6 steps", run.Error);
        Assert.Contains("next: retort predict", run.Error);
        Assert.Equal(["best.ckpt", "last.ckpt", "log.jsonl", "recipe.yaml", "run.lock"], Files(folder));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_before_training()
    {
        // A file stands where the folder should be: this fails for the superuser too.
        using var folder = new TemporaryFolder();
        string occupied = folder.Write("occupied", "");
        Refused(Train(data.WriteRecipe(folder.Path), "--set", $"output={occupied}"), occupied, "cannot be written", "--set output=");
    }

    [Fact]
    public void Changes_are_allowed_only_to_a_run_that_goes_on()
    {
        using var folder = new TemporaryFolder();
        Refused(Train(data.WriteRecipe(folder.Path), "--allow-changes"), "--allow-changes belongs to --resume");
    }

    [Fact]
    public void A_short_warm_up_is_not_warned_of()
    {
        using var folder = new TemporaryFolder();
        CapturedCommand run = Train(data.WriteRecipe(folder.Path), "--set", "schedule.warmup.maximumShare=0.2");
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("warm-up", run.Error);
    }

    [Fact]
    public void A_backbone_that_would_stay_as_it_begins_is_refused()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Refused(Train(recipe, "--set", "model.backbone.frozenStages=1"), "frozenStages 1 keeps its first layers at random values",
            "frozenStages=-1", "own-data/student_scratch");
        Refused(Train(recipe, "--set", "model.backbone.normMode=eval"), "normMode eval keeps its normalisation as it begins",
            "model.backbone.weights");
        Assert.Equal(0, Train(recipe, "--set", "model.backbone.norm=group", "--set", "model.backbone.normMode=eval").Code);
    }

    [Fact]
    public void A_run_that_cannot_begin_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        string[] wrong = ["--set", "data.val.annotations=none.json"];
        Refused(Train(recipe, wrong), "none.json");
        Refused(Train(recipe, [.. wrong, "--resume"]), "none.json");
        Assert.Equal([recipe], Directory.GetFileSystemEntries(folder.Path));
        Directory.CreateDirectory(Path.Combine(folder.Path, "runs", "other"));
        Refused(Train(recipe, wrong), "none.json");
        Assert.Equal([Path.Combine(folder.Path, "runs", "other")], Directory.GetFileSystemEntries(Path.Combine(folder.Path, "runs")));
    }

    [Fact]
    public void A_folder_with_a_run_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Assert.Equal(0, Train(recipe).Code);
        byte[] before = File.ReadAllBytes(Run(folder, "last.ckpt"));
        Refused(Train(recipe), Path.Combine(folder.Path, "runs", "tiny"), "there is a run in this folder", "--resume", "--set name=");
        Assert.Equal(before, File.ReadAllBytes(Run(folder, "last.ckpt")));
    }

    [Fact]
    public void Weights_of_another_network_are_refused_with_the_names_that_differ()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Assert.Equal(0, Train(recipe).Code);
        string weights = Run(folder, "last.ckpt");
        string[] Start(params string[] network) => ["--set", $"model.weights={weights}", "--set", "name=next", .. network];
        Refused(Train(recipe, Start("--set", "model.neck.levels=4")), weights, "missing: neck.fpn_convs.3.conv.weight",
            "retort checkpoint show");
        Refused(Train(recipe, Start("--set", "model.head.stackedConvs=0")), weights, "unexpected: bbox_head.cls_convs.0.conv.weight",
            "retort checkpoint show");
        Refused(Train(recipe, Start("--set", "model.head.regMax=4")), weights, "of another shape: ", "bbox_head.gfl_reg.weight",
            "retort checkpoint show");
        Refused(Train(recipe, "--resume", "--allow-changes", "--set", "model.head.regMax=4"), weights, "bbox_head.gfl_reg.weight");
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_continued()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Assert.Equal(0, Train(recipe).Code);
        string last = Run(folder, "last.ckpt");
        byte[] damaged = File.ReadAllBytes(last)[..^1000];
        File.WriteAllBytes(last, damaged);
        Refused(Train(recipe, "--resume"), last);
        Assert.Equal(damaged, File.ReadAllBytes(last));
    }

    [Fact]
    public void Continuing_with_another_recipe_is_refused_with_what_differs()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Assert.Equal(0, Train(recipe).Code);
        string[] longer = ["train", recipe, "--resume", "--set", "seed=3", "--set", "threads=2", "--set", "loader.batchSize=4"];
        Refused(CapturedCommand.Run(longer), Path.Combine(folder.Path, "runs", "tiny"),
            "(loader.batchSize: 2 -> 4, schedule.epochs: 1 -> 2, schedule.steps: [] -> [1], seed: 0 -> 3)", "--allow-changes");
        CapturedCommand allowed = CapturedCommand.Run([.. longer, "--allow-changes"]);
        Assert.True(allowed.Code == 0, allowed.Error);
        Assert.Contains("continuing after step 6", allowed.Error);
        Assert.Contains("seed: 3", File.ReadAllText(Run(folder, "recipe.yaml")));
    }

    [Fact]
    public void A_name_that_was_given_must_be_that_of_a_run_to_continue()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        Assert.Equal(0, Train(recipe, "--set", "name=cells").Code);
        Refused(Train(recipe, "--resume", "--set", "name=celss"), "there is no run of the name 'celss' to continue",
            "did you mean 'cells'?");
        Assert.Equal(0, Train(recipe, "--resume", "--set", "name=cells").Code);

        // The recipe's own name may be new: the same command begins a run and goes on with it.
        Assert.Equal(0, Train(recipe, "--resume").Code);
    }

    [Fact]
    public void Two_processes_do_not_train_into_one_folder()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        using (Retort.Training.Runs.RunLock.Take(Path.Combine(folder.Path, "runs", "tiny")))
        {
            Refused(Train(recipe), Path.Combine(folder.Path, "runs", "tiny"), "another process is working in this folder");
            Refused(Train(recipe, "--resume"), "another process is working in this folder");
            Assert.Equal(["run.lock"], Files(folder));
        }

        Assert.Equal(0, Train(recipe).Code);
    }

    [Fact]
    public void A_checkpoint_without_a_recipe_cannot_predict()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "foreign.pth");
        TorchFile.Write(file, new CheckpointDictionary
        {
            ["state_dict"] = new StateDict(
            [new("a", new StoredTensor(ScalarType.Float32, [1], new byte[4]))]).ToValue()
        });
        foreach (string command in new[] { "predict", "publish", "speed" })
        {
            string[] pictures = command == "predict" ? [Path.Combine(data.Folder, "images", "val")] : [];
            Refused(CapturedCommand.Run([command, file, .. pictures]), file, "no recipe");
        }
    }

    [Fact]
    public void A_picture_that_is_cut_off_ends_training_with_its_name()
    {
        using var folder = new TemporaryFolder();
        string copy = data.CopyTo(Path.Combine(folder.Path, "data"));
        string picture = Directory.GetFiles(Path.Combine(copy, "images", "train")).Order().Last();
        File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..200]);
        CapturedCommand run = Train(data.WriteRecipe(folder.Path, data: copy));
        Refused(run, picture);
        Assert.Equal(run.Error.Contains("failed after step", StringComparison.Ordinal), Files(folder).Contains("last.ckpt"));
    }

    [Fact]
    public void Pictures_that_cannot_be_read_are_left_out_where_that_is_wanted()
    {
        using var folder = new TemporaryFolder();
        string copy = data.CopyTo(Path.Combine(folder.Path, "data"));
        string[] pictures = [Directory.GetFiles(Path.Combine(copy, "images", "train"))[0],
            Directory.GetFiles(Path.Combine(copy, "images", "val"))[0]];
        Array.ForEach(pictures, picture => File.WriteAllBytes(picture, File.ReadAllBytes(picture)[..200]));
        CapturedCommand run = CapturedCommand.Run("train", data.WriteRecipe(folder.Path, data: copy), "--set", "loader.unreadable=skip");
        Assert.True(run.Code == 0, run.Error);
        Assert.All(pictures, picture => Assert.Single(run.Error.Split('\n'),
            line => line.StartsWith($"left out (loader.unreadable: skip): {picture}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_run_without_any_picture_that_can_be_read_is_refused()
    {
        using var folder = new TemporaryFolder();
        string copy = data.CopyTo(Path.Combine(folder.Path, "data"));
        Array.ForEach(Directory.GetFiles(Path.Combine(copy, "images", "train")), picture => File.WriteAllBytes(picture, []));
        Refused(Train(data.WriteRecipe(folder.Path, data: copy), "--set", "loader.unreadable=skip"),
            "not one image of an epoch could be read", "dataset check");
    }

    [Fact]
    public void Annotations_that_are_missing_broken_or_empty_are_refused()
    {
        using var folder = new TemporaryFolder();
        string copy = data.CopyTo(Path.Combine(folder.Path, "data"));
        string recipe = data.WriteRecipe(folder.Path, data: copy);
        string annotations = Path.Combine(copy, "annotations", "instances_train.json");
        string text = File.ReadAllText(annotations);
        File.WriteAllText(annotations, """{"images": [], "annotations": [], "categories": [{"id": 1, "name": "disc"}]}""");
        Refused(Train(recipe), annotations);
        File.WriteAllText(annotations, text[..(text.Length / 2)]);
        Refused(Train(recipe), annotations);
        var boxless = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        boxless["annotations"] = new System.Text.Json.Nodes.JsonArray();
        File.WriteAllText(annotations, boxless.ToJsonString());
        Refused(Train(recipe), "instances_train", "annotation");
        File.Delete(annotations);
        Refused(Train(recipe), annotations);
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_refused()
    {
        if (Runtime.HasCuda)
        {
            Assert.Skip("this machine has a GPU");
        }

        using var folder = new TemporaryFolder();
        Refused(Train(data.WriteRecipe(folder.Path), "--set", "device=cuda"), "no GPU", "cpu");
    }

    [Fact]
    public void A_run_that_diverges_stops_with_the_batch_and_a_remedy()
    {
        using var folder = new TemporaryFolder();
        CapturedCommand run = Train(data.WriteRecipe(folder.Path), "--set", "input.std=[1e-38, 1e-38, 1e-38]");
        Refused(run, "not finite", Run(folder, "nan-batch.safetensors"), "optimizer.learningRate");
        Assert.Equal(0, CapturedCommand.Run("checkpoint", "show", Run(folder, "nan-batch.safetensors")).Code);
    }

    [Fact]
    public void A_finished_run_that_is_resumed_says_so()
    {
        using var folder = new TemporaryFolder();
        string recipe = data.WriteRecipe(folder.Path);
        CapturedCommand first = Train(recipe), again = Train(recipe, "--resume");
        Assert.Equal((0, 0), (first.Code, again.Code));
        Assert.DoesNotContain("already complete", first.Error);
        Assert.Contains("already complete: the run has its 1 epoch, and nothing is trained", again.Error);
        Assert.DoesNotContain("continuing", again.Error);
    }

    internal static void Refused(CapturedCommand run, params string[] parts)
    {
        Assert.True(run.Code == 2, $"exit code {run.Code}: {run.Error}");
        Assert.All(parts, part => Assert.Contains(part, run.Error));
    }

    private static CapturedCommand Train(string recipe, params string[] more) =>
        CapturedCommand.Run(["train", recipe, .. s_short, .. more]);

    private static string Run(TemporaryFolder folder, string file) => Path.Combine(folder.Path, "runs", "tiny", file);

    private static IEnumerable<string> Files(TemporaryFolder folder) =>
        Directory.GetFiles(Path.Combine(folder.Path, "runs", "tiny")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
