using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>Assigns objects to priors for a whole batch.</summary>
public interface IBatchAssigner
{
    /// <summary>Assigns every image's objects.</summary>
    /// <param name="levels">Height and width of each level's map, finest first.</param>
    /// <param name="targets">Ground truth of each image.</param>
    /// <param name="device">The device of the result's tensors.</param>
    BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device);
}
