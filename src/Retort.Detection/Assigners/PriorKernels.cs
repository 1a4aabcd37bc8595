using Retort.Detection.Dense;
using Retort.Detection.Native;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.Assigners;

/// <summary>
/// Calls of the kernels on priors. Their results are level-major maps: [N, P] of the finest level first, so that each level is one block.
/// </summary>
internal static unsafe class PriorKernels
{
    private delegate int Kernel(NativeGrid* grid, NativeTruth* truth);

    private delegate int MapKernel(NativeGrid* grid, NativeTruth* truth, float[] values);

    /// <summary>Owner (object of the batch, -1 none), IoU with it, label weight of every prior, and threshold of every object.</summary>
    public static (int[] Owner, float[] Iou, float[] LabelWeight, float[] Thresholds) AssignAtss(
        PriorGrid grid, GroundTruthBatch truth, int topK, double? ignored)
    {
        int total = truth.Images * grid.Count;
        (var owner, var iou, var weight, var thresholds) =
            (new int[total], new float[total], new float[total], new float[truth.Labels.Length]);
        Call(grid, truth, (g, t) => NativeMethods.retort_atss_assign(g, t, topK, Share(ignored), owner, iou, weight, thresholds));
        return (owner, iou, weight, thresholds);
    }

    /// <summary>Owner, IoU with it and label weight of every prior; see <see cref="MaxIouAssigner"/>.</summary>
    public static (int[] Owner, float[] Iou, float[] LabelWeight) AssignMaxIou(
        PriorGrid grid, GroundTruthBatch truth, MaxIouOptions options)
    {
        int total = truth.Images * grid.Count;
        (var owner, var iou, var weight) = (new int[total], new float[total], new float[total]);
        int takeAll = options.Unmatched == UnmatchedObjects.Reference ? 1 : 0;
        Call(grid, truth, (g, t) => NativeMethods.retort_max_iou_assign(
            g, t, (float)options.PositiveIou, (float)options.NegativeIou, (float)options.LeastIou, Share(options.IgnoredIof), takeAll,
                owner, iou, weight));
        return (owner, iou, weight);
    }

    /// <summary>Owner of every point, and one where there is one; see <see cref="FcosAssigner"/>.</summary>
    /// <param name="grid">The points.</param>
    /// <param name="truth">The objects.</param>
    /// <param name="ranges">Smallest and largest distance of each level, pixels; [L, 2].</param>
    /// <param name="radius">How far from an object's centre, in strides; 0 for anywhere in it.</param>
    public static (int[] Owner, float[] Positive) AssignPoints(PriorGrid grid, GroundTruthBatch truth, float[] ranges, double radius)
    {
        int total = truth.Images * grid.Count;
        (var owner, var positive) = (new int[total], new float[total]);
        Call(grid, truth, (g, t) => NativeMethods.retort_point_assign(g, t, ranges, (float)radius, owner, positive));
        return (owner, positive);
    }

    /// <summary>The threshold that ATSS gives each object, of the batch.</summary>
    public static float[] AtssThresholds(PriorGrid grid, GroundTruthBatch truth, int topK)
    {
        var thresholds = new float[truth.Labels.Length];
        Call(grid, truth, (g, t) => NativeMethods.retort_atss_thresholds(g, t, topK, thresholds));
        return thresholds;
    }

    /// <summary>IoU with the object for the priors of the valuable localization region, zero elsewhere.</summary>
    /// <param name="grid">The priors.</param>
    /// <param name="truth">The objects.</param>
    /// <param name="thresholds">Threshold of each object.</param>
    /// <param name="options">Which region.</param>
    /// <param name="owner">Owner of every prior; those with one are left out where the options say so.</param>
    public static float[] ValuableRegion(
        PriorGrid grid, GroundTruthBatch truth, float[] thresholds, ValuableRegionOptions options, int[] owner)
    {
        int overUnion = options.Overlap == RegionOverlap.Diou ? 1 : 0;
        int[]? excluded = options.ExcludePositives ? owner : null;
        return Map(grid, truth, (g, t, values) => NativeMethods.retort_valuable_region(
            g, t, thresholds, (float)options.Gamma, overUnion, excluded, values));
    }

    /// <summary>IoU with the object for the priors that overlap it by at least gamma times its threshold, zero elsewhere.</summary>
    public static float[] OverlapRegion(PriorGrid grid, GroundTruthBatch truth, float[] thresholds, double gamma) =>
        Map(grid, truth, (g, t, values) => NativeMethods.retort_overlap_region(g, t, thresholds, (float)gamma, values));

    /// <summary>Rotated IoU with the object for the priors of the valuable localization region of rotated boxes, zero elsewhere.</summary>
    /// <param name="grid">The priors.</param>
    /// <param name="truth">The objects.</param>
    /// <param name="thresholds">Threshold of each object; null for that of ATSS with rotated IoU.</param>
    /// <param name="topK">Candidates of an object on each level for that.</param>
    /// <param name="gamma">Lower bound in parts of the threshold.</param>
    public static float[] RotatedValuableRegion(PriorGrid grid, GroundTruthBatch truth, float[]? thresholds, int topK, double gamma) =>
        Map(grid, truth, (g, t, values) => NativeMethods.retort_rotated_valuable_region(
            g, t, truth.Rotated!, thresholds, topK, (float)gamma, values));

    /// <summary>One where the IoU with an object exceeds a share of the largest that the object has with any prior.</summary>
    public static float[] FineGrained(PriorGrid grid, GroundTruthBatch truth, double share) =>
        Map(grid, truth, (g, t, values) => NativeMethods.retort_fine_grained_region(g, t, (float)share, values));

    /// <summary>One where the prior's centre is inside an object, and the prior has no owner where owners are given.</summary>
    public static float[] Inside(PriorGrid grid, GroundTruthBatch truth, int[]? owner = null) =>
        Map(grid, truth, (g, t, values) => NativeMethods.retort_inside_region(g, t, truth.Rotated, owner, values));

    /// <summary>One on the images' own padded areas, except where <paramref name="without"/> has a value.</summary>
    public static float[] Valid(PriorGrid grid, GroundTruthBatch truth, float[]? without = null) =>
        Map(grid, truth, (g, t, values) => NativeMethods.retort_valid_region(g, t, without, values));

    /// <summary>The priors whose value in a level-major map is above zero, and their positions in it.</summary>
    public static (PriorSelection Selection, long[] Positions) Compact(
        PriorGrid grid, GroundTruthBatch truth, float[] values, Device device)
    {
        var counts = new long[grid.Levels.Count];
        Call(grid, truth, (g, _) => NativeMethods.retort_region_count(g, truth.Images, values, counts));
        long total = counts.Sum();
        (var positions, var coordinates, var chosen) = (new long[total], new long[4 * total], new float[total]);
        Call(grid, truth, (g, _) => NativeMethods.retort_region_compact(g, truth.Images, values, total, positions, coordinates, chosen));
        Tensor where = Tensor.From(coordinates, 4, chosen.Length).To(device);
        Tensor weight = Tensor.From(chosen, chosen.Length).To(device);
        return (new PriorSelection(where, weight, [.. counts.Select(n => (int)n)], grid.PerCell,
            () => Cells(counts, coordinates, chosen, device)), positions);
    }

    private static PriorSelection Cells(long[] counts, long[] coordinates, float[] weights, Device device)
    {
        (var cellCounts, var cells, var cellWeights) = (new long[counts.Length], new long[coordinates.Length], new float[weights.Length]);
        NativeMethods.Check(NativeMethods.retort_distinct_cells(counts.Length, counts, coordinates, weights, cellCounts, cells,
            cellWeights));
        int kept = (int)cellCounts.Sum();
        Tensor where = Tensor.From<long>(cells.AsSpan(0, 4 * kept), 4, kept).To(device);
        Tensor weight = Tensor.From<float>(cellWeights.AsSpan(0, kept), kept).To(device);
        return new PriorSelection(where, weight, [.. cellCounts.Select(n => (int)n)], perCell: 1);
    }

    private static float Share(double? ignored) => (float)(ignored ?? double.PositiveInfinity);

    private static float[] Map(PriorGrid grid, GroundTruthBatch truth, MapKernel kernel)
    {
        var values = new float[truth.Images * grid.Count];
        Call(grid, truth, (g, t) => kernel(g, t, values));
        return values;
    }

    private static void Call(PriorGrid grid, GroundTruthBatch truth, Kernel kernel)
    {
        long[] levels = [.. grid.Levels.SelectMany(l => new long[] { l.Height, l.Width, l.Stride, l.Start })];
        fixed (float* priors = grid.Boxes, boxes = truth.Upright.Numbers, ignored = truth.Ignored.Numbers)
        fixed (long* l = levels, pads = truth.Pads, sizes = truth.Sizes, offsets = truth.Offsets, ignoredOffsets = truth.IgnoredOffsets)
        {
            var g = new NativeGrid
            {
                Boxes = priors,
                Levels = l,
                LevelCount = grid.Levels.Count,
                PerCell = grid.PerCell,
                Border = (float)(grid.AllowedBorder ?? -1)
            };
            var t = new NativeTruth
            {
                Images = truth.Images,
                Pads = pads,
                Sizes = sizes,
                Boxes = boxes,
                Offsets = offsets,
                Ignored = ignored,
                IgnoredOffsets = ignoredOffsets,
            };
            NativeMethods.Check(kernel(&g, &t));
        }
    }
}
