using Retort.Core;
using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Detection.Heads;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Weights;

namespace Retort.Training.Building;

/// <summary>Loads the weights of whole detectors that a recipe names.</summary>
internal static class DetectorWeights
{
    /// <summary>Loads what the recipe names to start from: a whole detector's checkpoint, or pretrained weights of the backbone.</summary>
    /// <param name="detector">Where to.</param>
    /// <param name="options">What the recipe says.</param>
    /// <param name="store">Finds weights that have a name instead of a path.</param>
    /// <param name="warn">Receives a line on a class layer that starts from fresh weights, because the file is of a detector of other
    /// classes.</param>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    /// <exception cref="RetortException">A file is not there.</exception>
    /// <exception cref="WeightsException">Named weights are not to be had.</exception>
    public static void LoadInitial(DenseDetector detector, DetectorOptions options, WeightsStore store, Action<string>? warn = null)
    {
        if (options.Backbone.Weights is { } pretrained)
        {
            string backbone = store.Resolve(pretrained);
            WeightsFile.Require(backbone, "model.backbone.weights",
                "name a file or published weights such as torchvision://resnet50; null starts from random ones");
            BackboneWeights.Load(detector.Backbone, backbone);
        }

        if (options.Weights is { } named)
        {
            string whole = store.Resolve(named);
            WeightsFile.Require(whole, "model.weights", "name a checkpoint of the whole detector; null starts without one");
            using Checkpoint file = Checkpoint.Open(whole);
            LoadForTraining(detector, file.StateDict, whole, warn);
        }
    }

    /// <summary>Copies every tensor into the detector.</summary>
    /// <param name="detector">What to load into.</param>
    /// <param name="state">Tensors by name.</param>
    /// <param name="path">The file that they come from, for messages.</param>
    /// <exception cref="CheckpointException">They do not fit the detector.</exception>
    public static void Load(DenseDetector detector, StateDict state, string path)
    {
        state = OfNetwork(detector, state, path);
        RequireSameLayout(detector.Head, state, path);
        ModuleLoading.Load(detector, state, path);
    }

    /// <summary>
    /// Loads what training starts from. Where only the class layer differs, because the file is of a detector of other classes, that layer
    /// keeps its fresh weights.
    /// </summary>
    /// <param name="detector">What to load into.</param>
    /// <param name="state">Tensors by name.</param>
    /// <param name="path">The file that they come from, for messages.</param>
    /// <param name="warn">Receives a line on a class layer that starts from fresh weights.</param>
    /// <exception cref="CheckpointException">They do not fit the detector.</exception>
    private static void LoadForTraining(DenseDetector detector, StateDict state, string path, Action<string>? warn)
    {
        state = OfNetwork(detector, state, path);
        RequireSameLayout(detector.Head, state, path);
        StateDictMatch match = StateDictMatcher.Match(detector.NamedState().Select(entry => (entry.Name, entry.Tensor.Shape)), state);
        bool otherClasses = match.Mismatched.Count > 0 && match.Missing.Count + match.Unexpected.Count == 0
            && match.Mismatched.All(tensor => IsOfClasses(detector.Head, tensor));
        ModuleLoading.Load(detector, state, path, new StateDictMatchOptions { SkipMismatched = otherClasses });
        if (otherClasses)
        {
            warn?.Invoke(
                $"{path} is a detector of other classes: {match.Matched.Count} of its tensors are taken, the class layer starts from "
                    + $"fresh weights ({string.Join("; ", match.Mismatched)})");
        }
    }

    private static StateDict OfNetwork(DenseDetector detector, StateDict state, string path) =>
        StateDictPrefix.Find(detector.NamedState().Select(entry => entry.Name), state, path);

    private static bool IsOfClasses(DenseHead head, ShapeMismatch tensor) =>
        head is DistributionHead { Options: { } options }
            && tensor.Name.StartsWith($"bbox_head.{options.Names.Classes}.", StringComparison.Ordinal);

    // Published GFLv2 networks have one channel more than classes; the remedy is an option, which the list of differing shapes does not
    // tell.
    private static void RequireSameLayout(DenseHead head, StateDict state, string path)
    {
        if (head is not DistributionHead { Options: { } options }
            || !state.TryGetValue($"bbox_head.{options.Names.Classes}.bias", out StoredTensor? bias))
        {
            return;
        }

        long wanted = options.AnchorsPerCell * (options.Classes + (options.HasBackground ? 1L : 0));
        long other = options.AnchorsPerCell * (options.Classes + (options.HasBackground ? 0L : 1));
        if (bias.Count == other && options is QualityHeadOptions)
        {
            string has = options.HasBackground ? "no channel for background" : "one more channel, for background";
            throw new CheckpointException(
                path,
                $"bbox_head.{options.Names.Classes}",
                $"the file has {bias.Count} class channels and the recipe's network {wanted}",
                $"it may have {has}: set 'head.backgroundChannel' of its model to {(options.HasBackground ? "false" : "true")}");
        }
    }
}
