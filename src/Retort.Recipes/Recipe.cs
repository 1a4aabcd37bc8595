using Retort.Core;
using Retort.Core.Options;
using Retort.Detection.Detectors;
using Retort.Distillation;
using Retort.Recipes.Reading;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Recipes;

/// <summary>
/// Everything that decides what a training run does, as typed options. Written in YAML (see docs/recipes.md); the same options in the
/// same order are written into the run folder and into every checkpoint, so that a run can be repeated from either.
/// </summary>
public sealed record Recipe
{
    /// <summary>
    /// The name of the run and of its folder below <see cref="Output"/>. Default: the place of the file below <c>recipes/</c>, or its name.
    /// </summary>
    [Affects(Effect.Nothing)]
    public string Name { get; init; } = "";

    /// <summary>One line that says what the recipe is for; shown by <c>retort recipes</c>.</summary>
    [Affects(Effect.Nothing)]
    public string Description { get; init; } = "";

    /// <summary>Other names that the recipe is known by, such as that of the authors' configuration.</summary>
    [Affects(Effect.Nothing)]
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Which published results the recipe is made to reproduce; one needs no list.</summary>
    [Affects(Effect.Nothing)]
    public IReadOnlyList<PaperOptions> Paper { get; init; } = [];

    /// <summary>The address of published weights of this very network, which save its training.</summary>
    [Affects(Effect.Nothing)]
    public string? Published { get; init; }

    /// <summary>The images and boxes to train on and to measure with.</summary>
    [Affects(Effect.Evaluation)]
    public required DataOptions Data { get; init; }

    /// <summary>How an image becomes the input of the network.</summary>
    [Affects(Effect.Network)]
    public PipelineOptions Input { get; init; } = new();

    /// <summary>How images are put together into batches.</summary>
    [Affects(Effect.Training)]
    public DataLoaderOptions Loader { get; init; } = new();

    /// <summary>The detector to train: the student, where there is a teacher.</summary>
    [Affects(Effect.Network)]
    public DetectorOptions Model { get; init; } = new GflDetectorOptions();

    /// <summary>The trained detector to learn from.</summary>
    [Affects(Effect.Training)]
    public TeacherOptions? Teacher { get; init; }

    /// <summary>
    /// The terms of the distillation loss: what is taught, where, and how the difference is measured. Empty: plain training.
    /// </summary>
    [Affects(Effect.Training)]
    public IReadOnlyList<DistillationTerm> Distillation { get; init; } = [];

    /// <summary>Layers between the student's features and those of a teacher of another width.</summary>
    [Affects(Effect.Training)]
    public AdaptationOptions Adaptation { get; init; } = new();

    /// <summary>How long to train and how the learning rate changes.</summary>
    [Affects(Effect.Training)]
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>How a gradient becomes a step.</summary>
    [Affects(Effect.Training)]
    public OptimizerOptions Optimizer { get; init; } = new SgdOptions();

    /// <summary>The exponential moving average of the weights.</summary>
    [Affects(Effect.Training)]
    public EmaOptions Ema { get; init; } = new();

    /// <summary>When and by what the detector is measured.</summary>
    [Affects(Effect.Evaluation)]
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>When checkpoints and log lines are written.</summary>
    [Affects(Effect.Output)]
    public LogOptions Log { get; init; } = new();

    /// <summary>The seed of everything random: initial weights, order of images, flips.</summary>
    [Within(0)]
    [Affects(Effect.Training)]
    public long Seed { get; init; }

    /// <summary>Where to compute.</summary>
    [Affects(Effect.Execution)]
    public DeviceKind Device { get; init; } = DeviceKind.Auto;

    /// <summary>Threads of the tensor library; 0 takes as many as there are cores.</summary>
    [Within(0, 1024)]
    [Affects(Effect.Execution)]
    public int Threads { get; init; }

    /// <summary>The folder that run folders are made in, relative to the current folder.</summary>
    [Affects(Effect.Output)]
    public string Output { get; init; } = "runs";

    /// <summary>Reads a recipe file with what it includes, lays overrides over it and checks all of it.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Texts <c>key.path=value</c>, as given to <c>--set</c>; later ones win.</param>
    /// <exception cref="RetortException">The file does not exist.</exception>
    /// <exception cref="RecipeException">Something in it cannot be used; the message names file, line and remedy.</exception>
    public static Recipe Load(string path, IEnumerable<string>? overrides = null) => RecipeLoader.Load(path, overrides ?? []);

    /// <summary>
    /// Reads a recipe from the text that <see cref="ToYaml"/> gives, such as the one inside a checkpoint, whichever version of Retort wrote
    /// it.
    /// </summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">What to call its place in messages, for instance the checkpoint's path.</param>
    /// <param name="overrides">Texts <c>key.path=value</c>; later ones win.</param>
    /// <exception cref="RecipeException">Something in it cannot be used.</exception>
    public static Recipe Parse(string yaml, string source, IEnumerable<string>? overrides = null) =>
        RecipeLoader.Parse(yaml, source, overrides ?? []);

    /// <summary>
    /// The canonical text: every option with its value, without inclusions, behind a comment with the number of its format.
    /// <see cref="Parse"/> gives an equal recipe back.
    /// </summary>
    public string ToYaml() => RecipeFormat.Mark + RecipeWriter.Write(this);

    /// <summary>The recipe with the network of a teacher whose weights alone were named.</summary>
    /// <param name="trained">The recipe that the teacher was trained with.</param>
    /// <exception cref="RecipeException">Student and teacher do not fit each other.</exception>
    public Recipe WithTeacherOf(Recipe trained)
    {
        Recipe complete = this with { Teacher = Teacher! with { Model = RecipeLoader.WithoutWeights(trained.Model) } };
        RecipeValidation.CheckTeacher(complete, trained, null);
        RecipeValidation.Check(complete, null, _ => true);
        return complete;
    }
}

/// <summary>A result, in the paper of Localization Distillation or in one of its readmes, that a recipe is made to reproduce.</summary>
public sealed record PaperOptions
{
    /// <summary>The table, for instance <c>Table 3</c>.</summary>
    public string Table { get; init; } = "";

    /// <summary>The row, in words.</summary>
    public string Row { get; init; } = "";

    /// <summary>The reported average precision in percent.</summary>
    [Within(0, 100)]
    public double? Ap { get; init; }
}

/// <summary>Where to compute.</summary>
public enum DeviceKind
{
    /// <summary>On the first GPU if there is one, otherwise on the CPU.</summary>
    Auto,

    /// <summary>On the CPU.</summary>
    Cpu,

    /// <summary>On the first GPU; it is an error if there is none.</summary>
    Cuda,
}
