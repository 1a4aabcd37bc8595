using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>
/// Assignment of objects to points (Tian et al., FCOS, section 3.1-3.2, with centre sampling) for all images of a batch at once, on the
/// processor: a point belongs to the smallest object that it lies inside of, near the centre, with all sides within its level's range. All
/// points of the maps are trained. The paper of Localization Distillation measures the valuable localization region of such a detector with
/// preset anchors, here one square on each point, which change nothing in what is regressed.
/// </summary>
public sealed class FcosAssigner : IBatchAssigner
{
    // The published code's "no largest distance", pixels.
    private const float Unlimited = 1e8f;
    private readonly PriorGenerator _points;
    private readonly PriorGenerator _anchors;
    private readonly FcosOptions _options;
    private readonly float[] _ranges;

    /// <summary>Makes an assigner.</summary>
    /// <param name="strides">Pixels between neighbouring points of each level, finest first.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="OptionException">A setting is out of its range.</exception>
    public FcosAssigner(IReadOnlyList<int> strides, FcosOptions options)
    {
        OptionRules.Check(options);
        _options = options;
        _points = PriorGenerator.Points(strides);
        _anchors = PriorGenerator.Anchors(strides, options.AnchorScale, centred: true);
        float[] ends = [-1, .. strides.SkipLast(1).Select(s => (float)(s * options.Reach)), Unlimited];
        _ranges = [.. ends.Zip(ends.Skip(1)).SelectMany(range => new[] { range.First, range.Second })];
    }

    /// <inheritdoc/>
    public BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device)
    {
        (PriorGrid grid, PriorGrid anchors) = (_points.Grid(levels), _anchors.Grid(levels));
        var truth = new GroundTruthBatch(targets);
        (int[] owner, float[] positive) = PriorKernels.AssignPoints(grid, truth, _ranges, _options.CentreRadius);
        (PriorSelection selection, long[] positions) = PriorKernels.Compact(grid, truth, positive, device);
        return new BatchAssignment(
            grid,
            targets,
            AssignmentTensors.Positives(grid, truth, selection, positions, owner, device),
            AssignmentTensors.Ones(grid, truth.Images, device),
            Math.Max(selection.Count, 1),
            new AssignerRegions(anchors, truth, owner, _ => PriorKernels.AtssThresholds(anchors, truth, _options.TopK), device));
    }
}
