using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>
/// Assignment by the largest IoU (Ren et al., Faster R-CNN; Lin et al., Focal Loss for Dense Object Detection, section 4) for all images of
/// a batch at once, on the CPU. A prior belongs to the object that it overlaps most, the first on ties, if by enough; then every object
/// takes all priors that it overlaps most, a later object from an earlier one. Equal overlaps decide, so float32 is rounded as in the
/// reference. Of rotated objects the upright boxes around them are assigned.
/// </summary>
public sealed class MaxIouAssigner : IBatchAssigner
{
    private readonly PriorGenerator _priors;
    private readonly MaxIouOptions _options;

    /// <summary>Makes an assigner.</summary>
    /// <param name="priors">The priors to assign.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="OptionException">A setting is out of its range.</exception>
    public MaxIouAssigner(PriorGenerator priors, MaxIouOptions options)
    {
        OptionRules.Check(options);
        (_priors, _options) = (priors, options);
    }

    /// <inheritdoc/>
    public BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device)
    {
        PriorGrid grid = _priors.Grid(levels);
        targets = _options.Rotated is { } convention ? [.. targets.Select(t => RotatedTargets.Of(t, convention))] : targets;
        var truth = new GroundTruthBatch(targets, _options.Rotated is null ? BoxForm.Upright : BoxForm.Rotated);
        (int[] owner, float[] iou, float[] labelWeight) = PriorKernels.AssignMaxIou(grid, truth, _options);
        (PriorSelection selection, long[] positions) = PriorKernels.Compact(grid, truth, iou, device);
        return new BatchAssignment(
            grid,
            targets,
            AssignmentTensors.Positives(grid, truth, selection, positions, owner, device),
            AssignmentTensors.Levels(grid, truth.Images, labelWeight, device),
            AssignmentTensors.Normalizer(grid, truth, selection, positions),
            Regions(grid, truth, targets, owner, device));
    }

    private IAssignerRegions Regions(
        PriorGrid grid, GroundTruthBatch truth, IReadOnlyList<ImageTargets> targets, int[] owner, Device device)
    {
        var upright = new AssignerRegions(grid, truth, owner, kind => Thresholds(kind, grid, truth), device);
        return truth.Targets.Form == BoxForm.Upright ? upright : new RotatedRegions(upright, truth, targets, owner, _options, device);
    }

    private float[] Thresholds(RegionThreshold kind, PriorGrid grid, GroundTruthBatch truth)
    {
        if (kind == RegionThreshold.Adaptive)
        {
            return PriorKernels.AtssThresholds(grid, truth, _options.TopK);
        }

        var same = new float[truth.Labels.Length];
        Array.Fill(same, (float)_options.PositiveIou);
        return same;
    }
}
