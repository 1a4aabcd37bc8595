using Retort.Core;
using Retort.Core.Options;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>
/// Everything that decides what a training run does, as typed options. Written in YAML (see docs/recipes.md); the same options in the
/// same order are written into the run folder and into every checkpoint, so that a run can be repeated from either.
/// </summary>
public sealed record Recipe
{
    /// <summary>The name of the run and of its folder below <see cref="Output"/>. Default: the place of the file below <c>recipes/</c>, or its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>One line that says what the recipe is for; shown by <c>retort recipes</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>Other names that the recipe is known by, such as that of the authors' configuration.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Which published results the recipe is made to reproduce; one needs no list.</summary>
    public IReadOnlyList<PaperOptions> Paper { get; init; } = [];

    /// <summary>The address of published weights of this very network, which save its training.</summary>
    public string? Published { get; init; }

    /// <summary>The images and boxes to train on and to measure with.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>How an image becomes the input of the network.</summary>
    public InputOptions Input { get; init; } = new();

    /// <summary>How images are put together into batches.</summary>
    public LoaderOptions Loader { get; init; } = new();

    /// <summary>The detector to train: the student, where there is a teacher.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>The trained detector to learn from.</summary>
    public TeacherOptions? Teacher { get; init; }

    /// <summary>The terms of the distillation loss: what is taught, where, and how the difference is measured. Empty: plain training.</summary>
    public IReadOnlyList<DistillationTermOptions> Distillation { get; init; } = [];

    /// <summary>Layers between the student's features and those of a teacher of another width.</summary>
    public AdaptationOptions Adaptation { get; init; } = new();

    /// <summary>How long to train and how the learning rate changes.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>How a gradient becomes a step.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The exponential moving average of the weights.</summary>
    public EmaOptions Ema { get; init; } = new();

    /// <summary>When and by what the detector is measured.</summary>
    public EvaluationOptions Evaluation { get; init; } = new();

    /// <summary>When checkpoints and log lines are written.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>The seed of everything random: initial weights, order of images, flips.</summary>
    [Within(0)]
    public long Seed { get; init; }

    /// <summary>Where to compute.</summary>
    public DeviceKind Device { get; init; } = DeviceKind.Auto;

    /// <summary>Threads of the tensor library; 0 takes as many as there are cores.</summary>
    [Within(0, 1024)]
    public int Threads { get; init; }

    /// <summary>The folder that run folders are made in, relative to the current folder.</summary>
    public string Output { get; init; } = "runs";

    /// <summary>Reads a recipe file with what it includes, lays overrides over it and checks all of it.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Texts <c>key.path=value</c>, as given to <c>--set</c>; later ones win.</param>
    /// <exception cref="RetortException">The file does not exist.</exception>
    /// <exception cref="RecipeException">Something in it cannot be used; the message names file, line and remedy.</exception>
    public static Recipe Load(string path, IEnumerable<string>? overrides = null) => RecipeLoader.Load(path, overrides ?? []);

    /// <summary>Reads a recipe from the text that <see cref="ToYaml"/> gives, such as the one inside a checkpoint.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">What to call its place in messages, for instance the checkpoint's path.</param>
    /// <param name="overrides">Texts <c>key.path=value</c>; later ones win.</param>
    /// <exception cref="RecipeException">Something in it cannot be used.</exception>
    public static Recipe Parse(string yaml, string source, IEnumerable<string>? overrides = null) => RecipeLoader.Parse(yaml, source, overrides ?? []);

    /// <summary>The canonical text: every option with its value, without inclusions. <see cref="Parse"/> gives an equal recipe back.</summary>
    public string ToYaml() => RecipeWriter.Write(this);
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
    /// <summary>On the first GPU if there is one, otherwise on the processor.</summary>
    Auto,

    /// <summary>On the processor.</summary>
    Cpu,

    /// <summary>On the first GPU; it is an error if there is none.</summary>
    Cuda,
}
