using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Detection.PostProcessing;
using Retort.Recipes;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Prediction;

/// <summary>A detector from a checkpoint that Retort wrote, with the recipe and the class names that lie in it.</summary>
public sealed class TrainedDetector : IDisposable
{
    private TrainedDetector(Recipe recipe, IReadOnlyList<string> classNames, DenseDetector detector, Device device) =>
        (Recipe, ClassNames, Detector, Compiled, Device) = (recipe, classNames, detector, new CompiledDetector(detector), device);

    /// <summary>What the network was trained by.</summary>
    public Recipe Recipe { get; }

    /// <summary>Names of the network's classes in order.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The network, in evaluation mode.</summary>
    public DenseDetector Detector { get; }

    /// <summary>The network in the form that predicts fastest.</summary>
    public CompiledDetector Compiled { get; }

    /// <summary>Finds objects in single images with this detector.</summary>
    public Predictor Predictor => new(Compiled, Recipe.Input.ForEvaluation(), Device);

    /// <summary>What reduces detections of one object to one, by the recipe.</summary>
    public ISuppression Suppression => Recipe.Model.PostProcessing.Nms;

    /// <summary>Where the network is.</summary>
    public Device Device { get; }

    /// <summary>
    /// Opens a checkpoint; of a run's checkpoint with averaged weights these are taken. The process's number of threads stays as it is: set
    /// <see cref="Runtime.Threads"/> yourself, as some builds of libtorch start with one.
    /// </summary>
    /// <param name="path">A run's or a published checkpoint.</param>
    /// <param name="overrides">Texts <c>key.path=value</c> that change the recipe before the network is made (device, threads, data,
    /// post-processing).</param>
    /// <exception cref="CheckpointException">The file is damaged, has no recipe, or does not fit its own recipe.</exception>
    public static TrainedDetector Open(string path, IEnumerable<string>? overrides = null)
    {
        using Checkpoint file = Checkpoint.Open(path);
        (Recipe recipe, IReadOnlyList<string> classNames) = ReadDescription(file, overrides);
        Device device = RuntimeSettings.Apply(recipe);
        DenseDetector detector = DetectorBuilder.Build(recipe.Model, classNames.Count);
        try
        {
            ModuleLoading.Load(detector, ReadWeights(file), path);
            detector.To(device);
            detector.Evaluate();
            detector.SetRequiresGrad(false);
            return new TrainedDetector(recipe, classNames, detector, device);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Whether a checkpoint has a recipe inside, as those that Retort writes have.</summary>
    /// <param name="file">The checkpoint.</param>
    public static bool HasRecipe(Checkpoint file) => file.Meta.Find<CheckpointText>("recipe") is not null;

    /// <summary>The recipe and the class names inside a checkpoint, without which its weights are of no use.</summary>
    /// <exception cref="CheckpointException">It lacks one of them.</exception>
    public static (Recipe Recipe, IReadOnlyList<string> ClassNames) ReadDescription(
        Checkpoint file, IEnumerable<string>? overrides = null) => (
        ReadRecipe(file, overrides),
        ReadClassNames(file) ?? throw new CheckpointException(file.Path, "meta/CLASSES", "the names of the classes are missing",
            "take a checkpoint of a run, or publish one again with 'retort publish'"));

    /// <summary>The recipe inside a checkpoint.</summary>
    /// <exception cref="CheckpointException">There is none.</exception>
    public static Recipe ReadRecipe(Checkpoint file, IEnumerable<string>? overrides = null) =>
        file.Meta.Find<CheckpointText>("recipe") is { } text
        ? Recipe.Parse(text.Value, file.Path, overrides)
        : throw new CheckpointException(
            file.Path, "meta/recipe", "this checkpoint was not written by Retort: it has no recipe",
            "take a checkpoint of a run or a published file; weights of other programs serve as model.weights, or as teacher.weights "
            + "with teacher.recipe");

    /// <summary>The class names inside a checkpoint; null where there are none.</summary>
    public static IReadOnlyList<string>? ReadClassNames(Checkpoint file) => file.Meta.Find<CheckpointValue>("CLASSES") switch
    {
        CheckpointList list => [.. list.OfType<CheckpointText>().Select(t => t.Value)],
        CheckpointText text => text.Value.Split('\n'),
        _ => null,
    };

    /// <summary>The averaged weights where a checkpoint has them, otherwise the last ones.</summary>
    public static StateDict ReadWeights(Checkpoint file) => file.Root.Find<CheckpointDictionary>("ema_state_dict") is { } averaged
        ? new StateDict(averaged.Select(e => KeyValuePair.Create(((CheckpointText)e.Key).Value, ((CheckpointTensor)e.Value).Value)))
        : file.StateDict;

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        Compiled.Dispose();
        Detector.Dispose();
    }
}
