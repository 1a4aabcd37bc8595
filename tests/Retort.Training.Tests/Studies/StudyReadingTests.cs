using Retort.Core;
using Retort.Training.Checking;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Training.Studies;
using Retort.Training.Tests.Recipes;

namespace Retort.Training.Tests.Studies;

public sealed class StudyReadingTests : IDisposable
{
    private const string Terms = "distillation: [{region: main}]";
    private readonly RecipeFolder _folder = new();

    public StudyReadingTests()
    {
        _folder.Write("recipes/plain.yaml", RecipeFolder.Minimal);
        _folder.Write("recipes/big.yaml", "include: plain.yaml\nmodel: {backbone: {depth: 101, weights: start.pth}}\n");
        _folder.Write("recipes/taught.yaml", $"include: plain.yaml\nteacher: {{recipe: big.yaml, weights: file.pth}}\n{Terms}\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_is_a_recipe_with_what_the_study_and_the_row_lay_over_it()
    {
        _folder.Write("part.yaml", "schedule: {epochs: 5}\nseed: 9\n");
        Study study = Load("""
            set: {schedule: {epochs: 20, steps: [2]}, threads: 1}
            rows:
              - {name: a, label: the first, recipe: plain, paper: 40.1}
              - {name: b, recipe: plain, include: [part.yaml], set: {schedule: {epochs: 30}}}
            """, "threads=2");
        (Recipe a, Recipe b) = (study.Runs[0].Recipe, study.Runs[1].Recipe);
        Assert.Equal((20, 30, 2, 2), (a.Schedule.Epochs, b.Schedule.Epochs, a.Threads, b.Threads));
        Assert.Equal((0L, 9L), (a.Seed, b.Seed));
        Assert.Equal(("the first", 40.1, "b"), (study.Rows[0].Label, study.Rows[0].Reported, study.Rows[1].Label));
        Assert.Equal(Path.Combine("out", "study", "b"), study.Runs[1].Folder.Path);
        Assert.Same(study.Rows[0], study.Base);
    }

    [Theory]
    [InlineData("coco", "coco", "AP AP50 AP75 APs APm APl")]
    [InlineData("voc07", "voc12", "AP AP50 AP60 AP70 AP75 AP80 AP90")]
    [InlineData("coco", "voc07", "AP AP50 AP60 AP70 AP75 AP80 AP90 APs APm APl")]
    public void The_table_has_the_metrics_of_its_rows_protocols(string first, string second, string metrics)
    {
        Study study = Load($$"""
            rows:
              - {name: a, recipe: plain, set: {evaluation: {protocol: {{first}} } } }
              - {name: b, recipe: plain, set: {evaluation: {protocol: {{second}} } } }
            """);
        Assert.Equal(metrics, string.Join(' ', StudyResults.Read(study).Metrics));
    }

    [Fact]
    public void A_table_of_rotated_boxes_has_the_thresholds_whatever_the_protocol()
    {
        Study study = Load($"rows: [{{name: a, recipe: {Path.Combine(Repository.Root, "recipes", "demo", "rotated_student.yaml")}}}]");
        Assert.Contains("AP90", StudyResults.Read(study).Metrics);
        Assert.DoesNotContain("APs", StudyResults.Read(study).Metrics);
    }

    [Fact]
    public void Each_seed_is_a_run_of_its_own()
    {
        Study study = Load("""
            seeds: [3, 4]
            rows:
              - {name: a, recipe: plain}
              - {name: b, recipe: plain, seeds: [7]}
            """);
        Assert.Equal([("a-seed3", 3L), ("a-seed4", 4L), ("b-seed7", 7L)], study.Runs.Select(run => (run.Recipe.Name, run.Recipe.Seed)));
    }

    [Fact]
    public void A_chain_runs_teachers_first_and_takes_their_networks_and_weights()
    {
        Study study = Load("""
            rows:
              - {name: student, recipe: taught, teacher: assistant}
              - {name: assistant, recipe: taught, teacher: teacher, set: {model: {backbone: {depth: 34}}}}
              - {name: teacher, recipe: big, set: {data: {val: {annotations: b, images: i}}}}
            """);
        Assert.Equal(["teacher", "assistant", "student"], study.Runs.Select(run => run.RowName));
        Recipe assistant = study.Runs[1].Recipe, student = study.Runs[2].Recipe;
        Assert.Equal((101, 34, null), (assistant.Teacher!.Model!.Backbone.Depth, student.Teacher!.Model!.Backbone.Depth,
            assistant.Teacher.Model!.Backbone.Weights));

        // What is measured has a best checkpoint; what is not has only the last.
        Assert.Equal(Path.Combine("out", "study", "teacher", "best.ckpt"), assistant.Teacher.Weights);
        Assert.Equal(Path.Combine("out", "study", "assistant", "last.ckpt"), student.Teacher.Weights);
    }

    [Fact]
    public void A_recipe_that_names_its_teacher_itself_keeps_it()
    {
        Study study = Load("rows: [{name: a, recipe: taught}]");
        Assert.Equal(("file.pth", 101), (study.Runs[0].Recipe.Teacher!.Weights, study.Runs[0].Recipe.Teacher!.Model!.Backbone.Depth));
    }

    [Theory]
    [InlineData("rows: []", "study.yaml:2: 'rows' needs at least one row")]
    [InlineData("seeds: [0]", "study.yaml:1: 'rows' is missing")]
    [InlineData("rows: [{name: a}]", "study.yaml:2: 'rows.0.recipe' is missing")]
    [InlineData("row: []\nrows: [{name: a, recipe: plain}]", "study.yaml:2: unknown key 'row'; did you mean 'rows'?")]
    [InlineData("rows:\n  - {name: a, recipe: plain, techer: b}", "study.yaml:3: unknown key 'rows.0.techer'; did you mean 'teacher'?")]
    [InlineData("rows:\n  - {name: a, recipe: plain}\n  - {name: a, recipe: big}", "study.yaml:4: there is a row 'a' already")]
    [InlineData("seeds: [1]\nrows: [{name: a, recipe: plain}, {name: A, recipe: big}]", "the rows 'a' and 'A' would share the run folder")]
    [InlineData("rows: [{name: a, recipe: plain, seeds: [1]}, {name: a-seed1, recipe: big}]",
        "the rows 'a' and 'a-seed1' would share the run folder")]
    [InlineData("rows: [{name: ../a, recipe: plain}]", "the row's name '../a' names a folder too")]
    [InlineData("rows: [{name: .., recipe: plain}]", "the row's name '..' names a folder too")]
    [InlineData("rows: [{name: /elsewhere/a, recipe: plain}]", "the row's name '/elsewhere/a' names a folder too")]
    [InlineData("rows: [{name: '', recipe: plain}]", "names a folder too")]
    [InlineData("rows: [{name: a b, recipe: plain}]", "names a folder too")]
    [InlineData("rows: [{name: \"a\\n\", recipe: plain}]", "names a folder too")]
    [InlineData("rows: [{name: a, recipe: plian}]", "study.yaml:2: there is no recipe 'plian', neither as a file nor below")]
    [InlineData("rows: [{name: a, recipe: plian}]", "did you mean 'plain'?")]
    [InlineData("rows: [{name: a, recipe: plain, include: [gone.yaml]}]", "study.yaml:2: there is no file 'gone.yaml' to include")]
    [InlineData("rows: [{name: big, recipe: big}, {name: a, recipe: taught, teacher: bog}]",
        "study.yaml:2: the row 'a' has the teacher 'bog', which is no row of this study; did you mean 'big'?")]
    [InlineData("rows: [{name: a, recipe: taught, teacher: a}]", "the rows wait for each other: a -> a")]
    [InlineData("rows: [{name: x, recipe: taught, teacher: a}, {name: a, recipe: taught, teacher: b}, {name: b, recipe: taught, teacher: a}]", "the rows wait for each other: a -> b -> a")]
    [InlineData("rows: [{name: big, recipe: big}, {name: a, recipe: plain, teacher: big}]",
        "the row 'a' has a teacher, but nothing that it teaches")]
    [InlineData("rows: [{name: big, recipe: big, set: {data: {classes: [x]}}}, {name: a, recipe: taught, teacher: big, set: {data: "
        + "{classes: [y]}}}]", "the teacher's recipe has the classes [x], this one has [y]")]
    [InlineData("base: c\nrows: [{name: a, recipe: plain}]", "study.yaml:2: 'base' names the row 'c', which is not there")]
    [InlineData("seeds: []\nrows: [{name: a, recipe: plain}]", "'seeds' needs at least one number and none twice")]
    [InlineData("rows: [{name: a, recipe: plain, seeds: [1, 1]}]", "'rows.0.seeds' needs at least one number and none twice")]
    [InlineData("rows: [{name: a, recipe: plain, seeds: [-1]}]", "'rows.0.seeds.0' is -1, but it must be at least 0")]
    [InlineData("rows: [{name: a, recipe: plain, paper: 140}]", "'rows.0.paper' is 140, but it must be from 0 to 100")]
    [InlineData("set: {name: x}\nrows: [{name: a, recipe: plain}]", "study.yaml:2: 'name' does not belong into 'set'")]
    [InlineData("rows: [{name: a, recipe: plain, set: {output: /tmp}}]", "study.yaml:2: 'output' does not belong into 'set'")]
    [InlineData("seeds: [1, 2]\nset: {seed: 3}\nrows: [{name: a, recipe: plain}]",
        "study.yaml:3: 'seed' does not belong into 'set', the study decides it: it has 'seeds'")]
    [InlineData("set: [1]\nrows: [{name: a, recipe: plain}]", "'set' needs a map of keys, but a list stands there")]
    [InlineData("set: {schedule: {epoch: 3}}\nrows: [{name: a, recipe: plain}]",
        "study.yaml:2: unknown key 'schedule.epoch'; did you mean 'epochs'?")]
    public void A_mistake_is_named_with_its_place_and_remedy(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Load(text)).Message);

    [Fact]
    public void One_row_may_stand_without_the_list_around_it() =>
        Assert.Equal("a", Assert.Single(Load("rows: {name: a, recipe: plain}").Rows).Name);

    [Theory]
    [InlineData("output=/elsewhere",
        "--set output=/elsewhere: the study study decides that itself: its runs go to out/study; --output names another place")]
    [InlineData("name=x", "its rows have names of their own")]
    [InlineData("seed=3", "it has 'seeds'; change them there")]
    [InlineData("teacher.weights=other.pth", "its rows name the row that teaches them")]
    public void An_override_that_the_study_would_override_is_refused(string assignment, string expected)
    {
        const string Rows = "seeds: [1]\nrows: [{name: big, recipe: big}, {name: a, recipe: taught, teacher: big}]";
        Assert.Contains(expected, Assert.Throws<RecipeException>(() => Load(Rows, assignment)).Message);
        Assert.Equal(3, Load("rows: [{name: a, recipe: taught}]", "seed=3", "teacher.weights=other.pth").Runs[0].Recipe.Seed);
    }

    [Fact]
    public void The_studies_that_come_with_Retort_are_found_by_name()
    {
        string recipes = Path.Combine(Repository.Root, "recipes");
        Assert.EndsWith("table2_bccd.yaml", Study.Find([recipes], "table2_bccd"));
        Assert.Contains("did you mean 'table2_bccd'?", Assert.Throws<RetortException>(() => Study.Find([recipes], "table2_bcd")).Message);
        Assert.DoesNotContain(RecipeCatalog.List(recipes), entry => entry.Name.StartsWith("studies", StringComparison.Ordinal));
    }

    public static TheoryData<string> Shipped =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "recipes", "studies"), "*.yaml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_study_that_comes_with_Retort_has_whole_recipes_and_one_schedule(string file)
    {
        string recipes = Path.Combine(Repository.Root, "recipes");
        Study study = Study.Load(Path.Combine(recipes, "studies", file), [recipes], "out");
        int[] schedules = [.. study.Rows.Where(row => row.Reported is not null).SelectMany(row => row.Runs)
            .Select(run => run.Recipe.Schedule.Epochs).Distinct()];
        Assert.InRange(schedules.Length, 0, 1);
        Assert.All(study.Runs, run => Assert.Equal(run.Recipe.Teacher is null, run.TeacherName is null));
    }

    [Theory]
    [InlineData("rotated_aircraft", "self-ld", "ld", "plain")]
    [InlineData("rotated_aircraft", "gi", "im_gi", "teacher")]
    [InlineData("rotated_aircraft", "fine-grained", "im_fine", "teacher")]
    [InlineData("rotated_hituav", "self-ld", "ld", "plain")]
    [InlineData("rotated_hituav", "gi", "im_gi", "teacher")]
    [InlineData("rotated_hituav", "fine-grained", "im_fine", "teacher")]
    public void Rows_of_rotated_boxes_make_a_step(string name, string row, string term, string teacher)
    {
        string recipes = Path.Combine(Repository.Root, "recipes");
        Study study = Study.Load(Study.Find([recipes], name), [recipes], "out", ["model.backbone.width=0.125"]);
        StudyRun run = study.Runs.Single(run => run.RowName == row);
        Assert.Equal(teacher, run.TeacherName);
        using var check = new RecipeCheck();
        StepValues values = check.Run(run.Recipe);
        Assert.Equal(["cls", "bbox", term], values.Terms.Select(t => t.Key["loss_".Length..]));
        Assert.True(values.Terms[^1].Value > 0);
    }

    private Study Load(string text, params string[] overrides) =>
        Study.Load(_folder.Write("study.yaml", "title: a study\n" + text), [Path.Combine(_folder.Path, "recipes")], "out", overrides);
}
