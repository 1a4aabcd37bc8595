using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>
/// Adaptive training sample selection (Zhang et al., ATSS, Algorithm 1) for all images of a batch at once, on the CPU: for each object
/// the nearest priors of every level are candidates, and those whose IoU reaches the mean plus the deviation of the candidates' IoU, with
/// their centre inside the object, are positive. A prior that several objects claim goes to the one with the largest IoU, the first on
/// ties.
/// </summary>
public sealed class AtssAssigner : IBatchAssigner
{
    private readonly PriorGenerator _priors;
    private readonly AtssOptions _options;

    /// <summary>Makes an assigner.</summary>
    /// <param name="priors">The priors to assign.</param>
    /// <param name="options">Settings; null for the paper's.</param>
    /// <exception cref="OptionException">A setting is out of its range.</exception>
    public AtssAssigner(PriorGenerator priors, AtssOptions? options = null)
    {
        options ??= new AtssOptions();
        OptionRules.Check(options);
        (_priors, _options) = (priors, options);
    }

    /// <inheritdoc/>
    public BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device)
    {
        PriorGrid grid = _priors.Grid(levels);
        var truth = new GroundTruthBatch(targets);
        (int[] owner, float[] iou, float[] labelWeight, float[] thresholds) =
            PriorKernels.AssignAtss(grid, truth, _options.TopK, _options.IgnoredIof);
        (PriorSelection selection, long[] positions) = PriorKernels.Compact(grid, truth, iou, device);
        PositiveTargets positives = AssignmentTensors.Positives(grid, truth, selection, positions, owner, device);
        return new BatchAssignment(
            grid,
            targets,
            positives,
            AssignmentTensors.Levels(grid, truth.Images, labelWeight, device),
            AssignmentTensors.Normalizer(grid, truth, selection, positions),
            new AssignerRegions(grid, truth, owner, _ => thresholds, device));
    }
}
