using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>What becomes of an object that overlaps no prior at all, where <see cref="MaxIouOptions.LeastIou"/> is 0.</summary>
public enum UnmatchedObjects
{
    /// <summary>It has no priors.</summary>
    None,

    /// <summary>
    /// As in the authors' code: every prior shares its largest overlap, zero, so all priors of all levels that are not ignored become its own, those of
    /// earlier objects too.
    /// </summary>
    Reference,
}

/// <summary>Settings of a <see cref="MaxIouAssigner"/>; the defaults are RetinaNet's.</summary>
public sealed record MaxIouOptions
{
    /// <summary>A prior with at least this IoU is positive; above 0 and at most 1.</summary>
    public double PositiveIou { get; init; } = 0.5;

    /// <summary>A prior whose IoU with every object is below this is background; those between are ignored. 0 to <see cref="PositiveIou"/>.</summary>
    public double NegativeIou { get; init; } = 0.4;

    /// <summary>
    /// The priors that an object overlaps most become its own if by at least this much, 0 to 1; for an object that overlaps none see
    /// <see cref="Unmatched"/>. More than 1 switches it off.
    /// </summary>
    public double LeastIou { get; init; }

    /// <summary>What becomes of an object that overlaps no prior.</summary>
    public UnmatchedObjects Unmatched { get; init; } = UnmatchedObjects.None;

    /// <summary>
    /// A prior that lies by more than this share of its area in a crowd or difficult object is ignored, whatever object it overlaps, 0 to 1; null: these are
    /// background like everything else, as in the published recipes.
    /// </summary>
    public double? IgnoredIof { get; init; }

    /// <summary>
    /// For detectors of rotated boxes the convention that these are described in; null for upright ones. Objects that have no rotated box are taken
    /// as they are, upright.
    /// </summary>
    public AngleConvention? Rotated { get; init; }

    /// <summary>Candidates of each object on each level for the adaptive threshold of the valuable localization region, at least 1.</summary>
    public int TopK { get; init; } = 9;
}

/// <summary>
/// Assignment by the largest IoU (Ren et al., Faster R-CNN; Lin et al., Focal Loss for Dense Object Detection, section 4) for all images of a batch
/// at once, on the CPU. A prior belongs to the object that it overlaps most, the first on ties, if by enough; then every object takes
/// all priors that it overlaps most, a later object from an earlier one. Equal overlaps decide, so float32 is rounded as in the reference. Of
/// rotated objects the upright boxes around them are assigned.
/// </summary>
public sealed class MaxIouAssigner : IBatchAssigner
{
    private readonly PriorGenerator _priors;
    private readonly MaxIouOptions _options;

    /// <summary>Makes an assigner.</summary>
    /// <param name="priors">The priors to assign.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">A threshold is out of its range.</exception>
    public MaxIouAssigner(PriorGenerator priors, MaxIouOptions options)
    {
        if (!(options.PositiveIou is > 0 and <= 1 && options.NegativeIou >= 0 && options.NegativeIou <= options.PositiveIou && options.LeastIou >= 0 && options.IgnoredIof is null or (>= 0 and <= 1) && options.TopK >= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "0 <= NegativeIou <= PositiveIou <= 1, PositiveIou > 0, LeastIou >= 0, IgnoredIof in [0, 1] and TopK >= 1 are required");
        }

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

    private IAssignerRegions Regions(PriorGrid grid, GroundTruthBatch truth, IReadOnlyList<ImageTargets> targets, int[] owner, Device device)
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
