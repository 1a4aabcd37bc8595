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
    private readonly int _topK;
    private readonly double? _ignoredIof;

    /// <summary>Makes an assigner.</summary>
    /// <param name="priors">The priors to assign.</param>
    /// <param name="topK">Candidates of each object on each level, at least 1; the paper's is 9.</param>
    /// <param name="ignoredIof">
    /// A prior that lies by more than this share of its area in a crowd or difficult object is ignored, 0 to 1; null: these are background
    /// like everything else, as in the published recipes. On a level with fewer other priors than candidates it is a candidate still, and
    /// may become positive.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no candidates, or the share is out of its range.</exception>
    public AtssAssigner(PriorGenerator priors, int topK = 9, double? ignoredIof = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        if (ignoredIof is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(nameof(ignoredIof), ignoredIof, "a share of a prior's area is in [0, 1]");
        }

        (_priors, _topK, _ignoredIof) = (priors, topK, ignoredIof);
    }

    /// <inheritdoc/>
    public BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device)
    {
        PriorGrid grid = _priors.Grid(levels);
        var truth = new GroundTruthBatch(targets);
        (int[] owner, float[] iou, float[] labelWeight, float[] thresholds) = PriorKernels.AssignAtss(grid, truth, _topK, _ignoredIof);
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
