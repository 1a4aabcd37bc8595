using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>The label assignment of one pyramid level over the whole batch. P priors on the level, K positives among the N*P.</summary>
/// <param name="Labels">0-based class of each prior, the number of classes for background; int64 [N, P].</param>
/// <param name="LabelWeights">1 for priors that are trained, 0 for ignored and invalid ones; float [N, P].</param>
/// <param name="Positives">The positive priors; weight one.</param>
/// <param name="PositiveLabels">Class of each positive, int64 [K].</param>
/// <param name="PositiveBoxes">The object's box of each positive, pixels, float [K, 4].</param>
/// <param name="PositivePriors">The prior box of each positive, pixels, float [K, 4].</param>
public sealed record LevelAssignment(
    Tensor Labels, Tensor LabelWeights, PriorSelection Positives, Tensor PositiveLabels, Tensor PositiveBoxes, Tensor PositivePriors);

/// <summary>The label assignment of a batch, computed for all images at once, and the regions that share its work.</summary>
/// <param name="Levels">One entry a pyramid level, finest first.</param>
/// <param name="PositiveNormalizer">Sum over the images of max(positives, 1): what the classification loss is divided by.</param>
/// <param name="Targets">The ground truth that was assigned.</param>
public sealed record BatchAssignment(IReadOnlyList<LevelAssignment> Levels, double PositiveNormalizer, IReadOnlyList<ImageTargets> Targets);
