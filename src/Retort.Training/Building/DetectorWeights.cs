using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;

namespace Retort.Training.Building;

/// <summary>Loads the weights of whole detectors that a recipe names.</summary>
internal static class DetectorWeights
{
    /// <summary>Copies every tensor into the detector.</summary>
    /// <param name="detector">What to load into.</param>
    /// <param name="state">Tensors by name.</param>
    /// <param name="path">The file that they come from, for messages.</param>
    /// <exception cref="CheckpointException">They do not fit the detector.</exception>
    public static void Load(DenseDetector detector, StateDict state, string path)
    {
        RequireSameLayout(detector.Head, state, path);
        ModuleLoading.Load(detector, state, path);
    }

    // Published GFLv2 networks have one channel more than classes; the remedy is an option, which the list of differing shapes does not tell.
    private static void RequireSameLayout(DenseHead head, StateDict state, string path)
    {
        if (head is not DistributionHead { Options: { } options } || !state.TryGetValue($"bbox_head.{options.Names.Classes}.bias", out StoredTensor? bias))
        {
            return;
        }

        long wanted = options.AnchorsPerCell * (options.Classes + (options.BackgroundChannel ? 1L : 0));
        long other = options.AnchorsPerCell * (options.Classes + (options.BackgroundChannel ? 0L : 1));
        if (bias.Count == other && options.Quality is not null)
        {
            string has = options.BackgroundChannel ? "no channel for background" : "one more channel, for background";
            throw new CheckpointException(
                path,
                $"bbox_head.{options.Names.Classes}",
                $"the file has {bias.Count} class channels and the recipe's network {wanted}",
                $"it may have {has}: set 'head.backgroundChannel' of its model to {(options.BackgroundChannel ? "false" : "true")}");
        }
    }
}
