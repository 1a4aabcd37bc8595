using System.Diagnostics;
using System.Text.Json.Nodes;
using Retort.Recipes;

namespace Retort.Cli.Tests;

/// <summary>A tiny study from its file to its table.</summary>
public sealed class StudyCommandTests(TinyData data) : LeakCheckedTest, IClassFixture<TinyData>, IDisposable
{
    private const string Terms = "distillation: [{knowledge: localization, region: main, temperature: 10, weight: 0.25, normalisation: "
        + "per-positive}]";
    private readonly TemporaryFolder _folder = new();

    void IDisposable.Dispose()
    {
        _folder.Dispose();
        base.Dispose();
    }

    private string Output => Path.Combine(_folder.Path, "studies");

    [Fact]
    public void Two_tasks_at_once_are_refused() =>
        TrainCommandTests.Refused(CapturedCommand.Run("study", "none", "--table", "--dry-run"), "give --table or --dry-run, not both");

    [Fact]
    public void What_runs_nothing_allows_no_changes() =>
        TrainCommandTests.Refused(CapturedCommand.Run("study", "none", "--table", "--allow-changes"),
            "--allow-changes is for runs, and --table runs nothing");

    [Fact]
    public void A_study_runs_its_rows_after_their_teachers_and_compares_them()
    {
        string study = WriteStudy("""
              - {name: student, label: a student, recipe: tiny.yaml, teacher: teacher, paper: 41.5, set: {TERMS}}
              - {name: plain, recipe: tiny.yaml, seeds: [0, 1], paper: 40.1}
              - {name: teacher, recipe: tiny.yaml}
            """);
        CapturedCommand plan = Study(study, "--dry-run");
        Assert.Equal(["teacher", "student", "plain-seed0", "plain-seed1"], Rows(plan.Output).Select(cells => cells[0]));
        Assert.All(Rows(plan.Output), cells => Assert.Equal("runs", cells[^1]));
        Assert.False(Directory.Exists(Output));

        CapturedCommand before = Study(study, "--table");
        Assert.All(Rows(before.Output), cells => Assert.Contains("-", cells));
        Assert.False(Directory.Exists(Output));

        CapturedCommand run = Study(study);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("--- student: run 2 of 4; about ", run.Error);
        Assert.Contains("41.5 (+1.4)", run.Output);
        Assert.Contains("1 x 2", run.Output);
        Assert.Contains(" ± ", run.Output);
        JsonNode results = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "study", "results.json")))!;
        JsonNode[] rows = [.. results["rows"]!.AsArray().Select(row => row!)];
        Assert.Equal(["student", "plain", "teacher"], rows.Select(row => (string)row["name"]!));
        Assert.All(rows, row => Assert.True((bool)row["complete"]!));
        double[] seeds = [.. rows[1]["runs"]!.AsArray().Select(r => (double)r!["metrics"]!["AP"]!)];
        Assert.Equal(seeds.Average(), (double)rows[1]["metrics"]!["AP"]!["mean"]!, 12);
        Assert.Equal((double)rows[0]["metrics"]!["AP"]!["mean"]! - seeds.Average(), (double)rows[0]["difference"]!, 12);
        string page = File.ReadAllText(Path.Combine(Output, "study", "results.md"));
        Assert.StartsWith("# tiny rows\n", page);
        Assert.Contains("| a student | ", page);

        // Nothing is left to do, and nothing is done.
        string[] checkpoints = [.. Directory.GetFiles(Output, "last.ckpt", SearchOption.AllDirectories)];
        DateTime[] written = [.. checkpoints.Select(File.GetLastWriteTimeUtc)];
        CapturedCommand again = Study(study);
        Assert.Equal((0, run.Output), (again.Code, again.Output));
        Assert.Equal(written, checkpoints.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(run.Output, Study(study, "--table").Output);
    }

    [Fact]
    public void Some_rows_run_with_their_teachers_and_the_base_while_the_file_has_all()
    {
        string study = WriteStudy("""
              - {name: other, recipe: tiny.yaml}
              - {name: student, recipe: tiny.yaml, teacher: teacher, set: {TERMS}}
              - {name: teacher, recipe: tiny.yaml}
              - {name: plain, recipe: tiny.yaml}
            """);
        string[] chosen = ["--row", "student"];
        Assert.Equal(["teacher", "student", "plain"], Rows(Study(study, [.. chosen, "--dry-run"]).Output).Select(cells => cells[0]));
        CapturedCommand run = Study(study, chosen);
        Assert.True(run.Code == 0, run.Error);
        Assert.Equal(["student", "teacher", "plain"], Rows(run.Output).Select(cells => cells[0]));
        Assert.False(Directory.Exists(Path.Combine(Output, "study", "other")));
        Assert.Contains("| other | - |", File.ReadAllText(Path.Combine(Output, "study", "results.md")));
        TrainCommandTests.Refused(Study(study, "--row", "studnet"), "has no row 'studnet'", "did you mean 'student'");
    }

    [Fact]
    public void A_study_that_was_stopped_goes_on_to_the_same_bits()
    {
        string whole = WriteStudy("  - {name: a, recipe: tiny.yaml}\n  - {name: b, recipe: tiny.yaml, seeds: [5]}\n", "whole");
        string stopped = WriteStudy("  - {name: a, recipe: tiny.yaml}\n  - {name: b, recipe: tiny.yaml, seeds: [5]}\n", "stopped");
        string[] longer = ["--set", "schedule.epochs=4", "--set", "log.checkpointInterval=1"];
        Assert.Equal(0, Study(whole, longer).Code);
        using Process process = RetortProcess.Start(["study", stopped, "--output", Output, .. longer]);
        string last = Path.Combine(Output, "stopped", "a", "last.ckpt");
        while (!process.HasExited && !File.Exists(last))
        {
            Thread.Yield();
        }

        Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        (int code, string error) = RetortProcess.Finish(process);
        Assert.True(code == 130, $"exit code {code}: {error}");
        Assert.Contains("the same command continues it", error);
        Assert.False(File.Exists(Path.Combine(Output, "stopped", "b-seed5", "last.ckpt")));
        CapturedCommand rest = Study(stopped, longer);
        Assert.True(rest.Code == 0, rest.Error);
        foreach (string run in new[] { "a", "b-seed5" })
        {
            Assert.Equal(
                FlatCheckpoint.Read(Path.Combine(Output, "whole", run, "last.ckpt")),
                    FlatCheckpoint.Read(Path.Combine(Output, "stopped", run, "last.ckpt")));
        }
    }

    [Fact]
    public void A_chain_of_teachers_is_one_command_and_goes_on_where_it_stopped()
    {
        // Written from its end; each step narrower than the one before, so that its features need layers of the distillation's own.
        string[] imitation = [
            "distillation: [{knowledge: feature, region: main, divergence: mse, weighting: one, normalisation: per-positive}]",
            "adaptation: {type: conv1x1}"];
        string Narrower(int channels) => $"{{{string.Join(", ", imitation)}, model: {{neck: {{channels: {channels}}}}}}}";
        string rows = $$"""
              - {name: student, recipe: tiny.yaml, teacher: assistant, set: {{Narrower(8)}}}
              - {name: assistant, recipe: tiny.yaml, teacher: a, set: {{Narrower(12)}}}
              - {name: a, recipe: tiny.yaml}
            """;
        Assert.Equal(0, Study(WriteStudy(rows, "whole")).Code);
        string stopped = WriteStudy(rows, "stopped");
        using Process process = RetortProcess.Start(["study", stopped, "--output", Output]);
        while (!process.HasExited && !Directory.Exists(Path.Combine(Output, "stopped", "assistant")))
        {
            Thread.Yield();
        }

        process.Kill();
        RetortProcess.Finish(process);
        CapturedCommand rest = Study(stopped);
        Assert.True(rest.Code == 0, rest.Error);
        foreach ((string run, string? teacher) in new[] { ("a", null), ("assistant", "a"), ("student", "assistant") })
        {
            string folder = Path.Combine(Output, "stopped", run);
            Assert.Equal(FlatCheckpoint.Read(Path.Combine(Output, "whole", run, "last.ckpt")),
                FlatCheckpoint.Read(Path.Combine(folder, "last.ckpt")));
            Assert.Equal(
                teacher is null ? null : Path.Combine(Output, "stopped", teacher, "best.ckpt"),
                    Recipe.Load(Path.Combine(folder, "recipe.yaml")).Teacher?.Weights);
        }
    }

    [Fact]
    public void A_changed_row_is_refused_before_anything_runs()
    {
        string study = WriteStudy("  - {name: a, recipe: tiny.yaml}\n");
        Assert.Equal(0, Study(study).Code);
        WriteStudy("  - {name: b, recipe: tiny.yaml}\n  - {name: a, recipe: tiny.yaml, set: {seed: 4, model: {head: {stackedConvs: 2}}}}\n");
        TrainCommandTests.Refused(Study(study), "a: model.head.stackedConvs: 1 -> 2, seed: 0 -> 4", "remove the folders",
            "--allow-changes");
        Assert.False(Directory.Exists(Path.Combine(Output, "study", "b")));
        Assert.Contains("refused", Study(study, "--dry-run").Output);
        string allowed = Study(study, "--dry-run", "--allow-changes").Output;
        Assert.DoesNotContain("refused", allowed);
        Assert.Contains("complete, its recipe", allowed);
    }

    [Fact]
    public void A_row_that_fails_keeps_back_its_students_alone()
    {
        string study = WriteStudy("""
              - {name: teacher, recipe: tiny.yaml, set: {data: {root: /nowhere}}}
              - {name: student, recipe: tiny.yaml, teacher: teacher, set: {TERMS}}
              - {name: plain, recipe: tiny.yaml}
            """);
        CapturedCommand run = Study(study);
        TrainCommandTests.Refused(run, "/nowhere", "student: not run, because its teacher, the row 'teacher', is not complete");
        Assert.Equal(["0/1", "0/1", "1"], Rows(run.Output).Select(cells => cells[^2]));
    }

    [Fact]
    public void A_dry_run_says_what_could_not_run_and_why()
    {
        data.WriteRecipe(_folder.Path, "taught", $"teacher: {{recipe: tiny.yaml, weights: {_folder.Path}/none.pth}}\n{Terms}");
        string study = WriteStudy("""
              - {name: teacher, recipe: tiny.yaml, set: {data: {val: {annotations: gone.json}}}}
              - {name: student, recipe: tiny.yaml, teacher: teacher, set: {TERMS}}
              - {name: taught, recipe: taught.yaml}
              - {name: plain, recipe: tiny.yaml}
            """);
        string plan = Study(study, "--dry-run").Output;
        Assert.Equal(["cannot run", "cannot run", "cannot run", "runs"], Rows(plan).Select(cells => cells[^1]).Take(4));
        Assert.Matches("(?m)^teacher cannot run: there is no .*gone.json$", plan);
        Assert.Matches("(?m)^student cannot run: its teacher, the row 'teacher', cannot$", plan);
        Assert.Matches("(?m)^taught cannot run: there is no .*none.pth$", plan);
    }

    [Fact]
    public void Without_a_name_the_studies_are_listed()
    {
        string before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(Repository.Root);
        try
        {
            CapturedCommand shown = CapturedCommand.Run("study");
            Assert.Equal(0, shown.Code);
            Assert.Equal(Directory.GetFiles("recipes/studies", "*.yaml").Length,
                shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.Matches("(?m)^table2_bccd: .*[^:]$", shown.Output);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }

        TrainCommandTests.Refused(CapturedCommand.Run("study", "--dry-run"), "name a study");
    }

    [Fact]
    public void Weights_of_a_teacher_from_elsewhere_are_looked_for_first()
    {
        data.WriteRecipe(_folder.Path, "taught", $"teacher: {{recipe: tiny.yaml, weights: {_folder.Path}/none.pth}}\n{Terms}");
        string study = WriteStudy("  - {name: plain, recipe: tiny.yaml}\n  - {name: student, recipe: taught.yaml}\n");
        TrainCommandTests.Refused(Study(study), "none.pth", "'student'", "teacher: ROW");
        Assert.False(Directory.Exists(Output));
    }

    private CapturedCommand Study(string file, params string[] more) => CapturedCommand.Run(["study", file, "--output", Output, .. more]);

    private string WriteStudy(string rows, string name = "study")
    {
        data.WriteRecipe(_folder.Path);
        return _folder.Write($"{name}.yaml", $"title: tiny rows\nbase: {(rows.Contains("plain") ? "plain" : "a")}\nset: {{schedule: "
            + $"{{epochs: 1, steps: []}}}}\nrows:\n{rows.Replace("TERMS", Terms)}\n");
    }

    private static IEnumerable<string[]> Rows(string table) => table.Split('\n').SkipWhile(line => !line.Contains('─')).Skip(1)
        .Where(line => line.Length > 0)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
