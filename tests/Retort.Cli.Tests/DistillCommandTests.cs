namespace Retort.Cli.Tests;

/// <summary>A tiny student learns from a tiny teacher, or is told why it cannot.</summary>
public sealed class DistillCommandTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>
{
    private const string Terms = """
        distillation:
          - {knowledge: localization, region: main, temperature: 10, weight: 0.25, normalisation: per-positive}
          - {knowledge: localization, region: valuable-localization, weighting: region, temperature: 10, weight: 0.25, normalisation: per-positive}
          - {knowledge: classification, region: main, weighting: one, temperature: 2, weight: 1, normalisation: per-positive}
        """;

    [Fact]
    public void A_student_learns_from_its_teacher()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder);
        Succeeded("train", teacher);
        string told = Succeeded("distill", student, "--set", "schedule.epochs=1", "--set", "schedule.steps=[]").Error;
        Assert.Contains("terms: localization x main x kl (weight 0.25, temperature 10), localization x valuable-localization x kl", told);
        Assert.DoesNotContain("warning: with a single class", told);
        string log = File.ReadAllText(Path.Combine(folder.Path, "runs", "student", "log.jsonl"));
        Assert.All(new[] { "loss_ld", "loss_ld_vlr", "loss_kd" }, term => Assert.Contains($"\"{term}\":", log));
        string[] names = [.. FlatCheckpoint.Read(Path.Combine(folder.Path, "runs", "student", "last.ckpt"), "state_dict")
            .Select(l => l.Split(':')[0])];
        Assert.Equal([.. FlatCheckpoint.Read(Path.Combine(folder.Path, "runs", "teacher", "last.ckpt"), "state_dict")
            .Select(l => l.Split(':')[0])], names);

        // Continuing gives the same bits with a teacher too.
        Succeeded("distill", student, "--resume", "--allow-changes");
        Succeeded("distill", student, "--set", "name=whole");
        Assert.Equal(
            FlatCheckpoint.Read(Path.Combine(folder.Path, "runs", "whole", "last.ckpt")),
                FlatCheckpoint.Read(Path.Combine(folder.Path, "runs", "student", "last.ckpt")));
    }

    [Fact]
    public void Weights_that_are_not_there_are_refused_with_what_to_train_first()
    {
        using var folder = new TemporaryFolder();
        (_, string student) = Recipes(folder);
        TrainCommandTests.Refused(
            CapturedCommand.Run("distill", student), Path.Combine(folder.Path, "runs", "teacher", "last.ckpt"), "'retort train teacher'",
                "teacher.weights=");
    }

    [Fact]
    public void A_folder_in_the_place_of_weights_is_refused_with_the_file_in_it()
    {
        using var folder = new TemporaryFolder();
        (_, string student) = Recipes(folder);
        TrainCommandTests.Refused(CapturedCommand.Run("distill", student, "--set", $"teacher.weights={folder.Path}"),
            $"{folder.Path}: 'teacher.weights' names a folder; name a file in it\n");
        string checkpoint = folder.Write("best.ckpt", "");
        TrainCommandTests.Refused(CapturedCommand.Run("distill", student, "--set", $"teacher.weights={folder.Path}"),
            $"name a file in it, such as {checkpoint}");
    }

    [Theory]
    [InlineData("model.backbone.weights", "name a file or published weights such as torchvision://resnet50")]
    [InlineData("model.weights", "name a checkpoint of the whole detector")]
    public void Weights_to_start_from_that_are_not_there_are_refused_with_their_option(string option, string remedy)
    {
        using var folder = new TemporaryFolder();
        (string teacher, _) = Recipes(folder);
        TrainCommandTests.Refused(CapturedCommand.Run("train", teacher, "--set", $"{option}=nofile.pth"),
            $"nofile.pth: there is no such file ('{option}' names it)", remedy);
    }

    [Fact]
    public void A_teacher_of_other_classes_or_bins_is_refused()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder);
        Succeeded("train", teacher, "--set", "schedule.epochs=1", "--set", "schedule.steps=[]");
        string weights = Path.Combine(folder.Path, "runs", "teacher", "last.ckpt");
        TrainCommandTests.Refused(
            CapturedCommand.Run("distill", student, "--set", "data.classes=[square, star]"), weights, "4 classes", "square, star",
                "same order");
        TrainCommandTests.Refused(CapturedCommand.Run("distill", student, "--set", "model.head.regMax=16"), "9 bins", "17", "regMax");
    }

    [Fact]
    public void With_a_single_class_the_classification_term_is_warned_of()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder);
        string[] one = ["--set", "data.classes=[square]", "--set", "schedule.epochs=1", "--set", "schedule.steps=[]"];
        Assert.DoesNotContain("warning: with a single class", Succeeded(["train", teacher, .. one]).Error);
        Assert.Contains("warning: with a single class the distillation of classification by kl is always zero",
            Succeeded(["distill", student, .. one]).Error);
        string log = File.ReadAllText(Path.Combine(folder.Path, "runs", "student", "log.jsonl"));
        Assert.Matches("\"loss_kd\": ?0[,.}]", log);
    }

    [Fact]
    public void A_checkpoint_carries_the_recipe_of_the_teacher()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder);
        Succeeded("train", teacher, "--set", "model.head.stackedConvs=2", "--set", "model.head.channels=8");
        string weights = Path.Combine(folder.Path, "runs", "teacher", "last.ckpt"), alone =
            folder.Write("alone.yaml", File.ReadAllText(student).Replace("recipe: teacher.yaml, ", ""));
        Succeeded("distill", alone);
        Assert.Contains("stackedConvs: 2", File.ReadAllText(Path.Combine(folder.Path, "runs", "student", "recipe.yaml")));

        // The recipe itself can be read without it.
        File.Delete(weights);
        Assert.DoesNotContain("stackedConvs: 2", CapturedCommand.Run("recipes", alone).Output);
        TrainCommandTests.Refused(CapturedCommand.Run("distill", alone), weights, "train the teacher first");
    }

    [Fact]
    public void Each_command_refuses_the_recipe_of_the_other()
    {
        using var folder = new TemporaryFolder();
        (string teacher, string student) = Recipes(folder);
        TrainCommandTests.Refused(CapturedCommand.Run("train", student), "has a teacher", "retort distill");
        TrainCommandTests.Refused(CapturedCommand.Run("distill", teacher), "no teacher", "retort train");
    }

    private (string Teacher, string Student) Recipes(TemporaryFolder folder)
    {
        string teacher = data.WriteRecipe(folder.Path, "teacher");
        string weights = Path.Combine(folder.Path, "runs", "teacher", "last.ckpt");
        return (teacher, data.WriteRecipe(folder.Path, "student", $"teacher: {{recipe: teacher.yaml, weights: {weights}}}\n{Terms}"));
    }

    private static CapturedCommand Succeeded(params string[] arguments)
    {
        CapturedCommand run = CapturedCommand.Run(arguments);
        Assert.True(run.Code == 0, $"exit code {run.Code}: {run.Error}");
        return run;
    }
}
