using Retort.Fuzzing.Mutation;
using Retort.Recipes;
using Retort.Training.Data;
using Retort.Training.Runs;
using Retort.Training.Studies;

namespace Retort.Fuzzing.Targets;

/// <summary>YAML files, and the files of a run folder.</summary>
internal static class RecipeTargets
{
    private const string Student = """
        name: tiny
        output: runs
        data:
          format: coco
          root: ${FUZZ_ROOT:-/data}
          train: {annotations: annotations/train.json, images: images/train}
          val: {annotations: annotations/val.json, images: images/val}
          classes: [cat, "dog"]
        input: {scales: [[64, 64]], mean: [0, 0.5, 1]}
        loader: {batchSize: 2, workers: 1}
        model:
          backbone: {depth: 18, width: 0.125, normMode: train, frozenStages: -1}
          neck: {channels: 16, levels: 3}
          head: {stackedConvs: 1, channels: 16, normGroups: 4, regMax: 8}
        schedule: {epochs: 2, steps: [1], warmup: {iterations: 4, ratio: 0.1}}
        seed: 3 # a comment
        device: cpu

        """;

    private const string Distilled = """
        include: base.yaml
        description: |
          the student
            with a teacher
        teacher: {recipe: base.yaml, weights: teacher.ckpt}
        distillation:
        - inherited
        - {knowledge: localization, region: main, temperature: 10, weight: 0.25}
        - knowledge: localization
          region: valuable-localization
          gamma: 0.25

        """;

    private const string Study = """
        title: How much it matters
        base: plain
        seeds: [0, 1]
        set: {schedule: {epochs: 3, steps: [2]}}
        rows:
          - {name: teacher, recipe: base.yaml, seeds: [0]}
          - {name: plain, label: "the student", recipe: base.yaml, paper: 41.1}
          - name: ld
            recipe: base.yaml
            teacher: teacher
            set: {distillation: [{knowledge: localization, region: main}]}

        """;

    private const string Log = """
        {"kind":"train","iteration":1,"loss":1.5,"lr":0.01}
        {"kind":"train","iteration":2,"loss":"NaN","lr":0.01}
        {"kind":"eval","iteration":2,"AP":0.25,"AP50":0.5}

        """;

    private static readonly TextMutator s_yaml = new(
        "include: ", "name: ", "data: ", "model: ", "teacher: ", "distillation: ", "inherited", "null", "true", "rows:", "seeds: ",
            "set: ", "names:", "0: ", "base.yaml", "a.yaml", "${HOME}", "${NONE}", "gfl", "retina", "fcos", "res2net", "kl", "{}", "[]");

    private static readonly TextMutator s_log = new("\"kind\"", "\"iteration\"", "\"seconds\"", "\"AP\"", "null", "{}", "[]", "\n");

    public static IEnumerable<FuzzTarget> All()
    {
        (string, byte[]) student = ("base.yaml", Text.Bytes(Student));
        return
        [
            new() { Name = "recipe", Mutator = s_yaml, Seeds = Text.Seeds(Student, Distilled), File = "a.yaml", Others = [student],
                Read = at => Recipe.Load(Path.Combine(at, "a.yaml")) },
            new() { Name = "recipe-included", Mutator = s_yaml, Seeds = Text.Seeds(Student), File = "base.yaml",
                Others = [("a.yaml", Text.Bytes(Distilled))], Read = at => Recipe.Load(Path.Combine(at, "a.yaml")) },
            new() { Name = "recipe-override", Mutator = s_yaml, Seeds = Text.Seeds("schedule.epochs=24", "input.scales.0=[96, 64]",
                "teacher=null", "data.classes=[a, b]"), File = "override", Others = [student], Read = Override },
            new() { Name = "study", Mutator = s_yaml, Seeds = Text.Seeds(Study), File = "a.yaml", Others = [student],
                Read = at => Training.Studies.Study.Load(Path.Combine(at, "a.yaml"), [at], "runs/studies") },
            new() { Name = "class-names-yaml", Mutator = s_yaml, Seeds = Text.Seeds("train: images\nnc: 2\nnames: [cat, dog]\n",
                "names:\n  0: cat\n  1: dog\n"), File = "data.yaml", Read = at => ClassNameFile.Read(Path.Combine(at, "data.yaml")) },
            new() { Name = "class-names-text", Mutator = s_yaml, Seeds = Text.Seeds("cat\ndog\n"), File = "classes.txt",
                Read = at => ClassNameFile.Read(Path.Combine(at, "classes.txt")) },
            new() { Name = "run-log", Mutator = s_log, Seeds = Text.Seeds(Log), File = "log.jsonl",
                Read = at => JsonLinesLog.Read(Path.Combine(at, "log.jsonl")) },
            new() { Name = "run-clock", Mutator = s_log, Seeds = Text.Seeds("{\"seconds\":12.5}"), File = "time.json",
                Read = at => RunClock.Read(at) },
        ];
    }

    // What the command line hands over is text without NUL.
    private static void Override(string folder) =>
        Recipe.Load(Path.Combine(folder, "base.yaml"), [File.ReadAllText(Path.Combine(folder, "override")).Replace("\0", "")]);
}
