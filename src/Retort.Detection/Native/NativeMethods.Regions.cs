using System.Runtime.InteropServices;

namespace Retort.Detection.Native;

/// <summary>Label assignment and regions of priors (native/kernels/priors.h describes the layouts).</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_atss_assign(
        NativeGrid* grid, NativeTruth* truth, long topk, float ignored, int[] owner, float[] iou, float[] labelWeight, float[] thresholds);

    [LibraryImport(Library)]
    internal static partial int retort_atss_thresholds(NativeGrid* grid, NativeTruth* truth, long topk, float[] thresholds);

    [LibraryImport(Library)]
    internal static partial int retort_max_iou_assign(
        NativeGrid* grid, NativeTruth* truth, float positive, float negative, float least, float ignored, int unmatchedTakeAll, int[] owner,
            float[] iou, float[] labelWeight);

    [LibraryImport(Library)]
    internal static partial int retort_point_assign(
        NativeGrid* grid, NativeTruth* truth, float[] ranges, float radius, int[] owner, float[] positive);

    [LibraryImport(Library)]
    internal static partial int retort_valuable_region(
        NativeGrid* grid, NativeTruth* truth, float[] thresholds, float gamma, int overUnion, int[]? owner, float[] values);

    [LibraryImport(Library)]
    internal static partial int retort_fine_grained_region(NativeGrid* grid, NativeTruth* truth, float share, float[] values);

    [LibraryImport(Library)]
    internal static partial int retort_inside_region(NativeGrid* grid, NativeTruth* truth, float[]? rotated, int[]? owner, float[] values);

    [LibraryImport(Library)]
    internal static partial int retort_valid_region(NativeGrid* grid, NativeTruth* truth, float[]? without, float[] values);

    [LibraryImport(Library)]
    internal static partial int retort_region_count(NativeGrid* grid, long images, float[] values, long[] counts);

    [LibraryImport(Library)]
    internal static partial int retort_region_compact(
        NativeGrid* grid, long images, float[] values, long count, long[] positions, long[] coordinates, float[] chosen);

    [LibraryImport(Library)]
    internal static partial int retort_distinct_cells(
        long levels, long[] counts, long[] coordinates, float[] weights, long[] cellCounts, long[] cells, float[] cellWeights);
}

/// <summary>RetortGrid of the kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeGrid
{
    public float* Boxes;
    public long* Levels;
    public long LevelCount;
    public long PerCell;
    public float Border;
}

/// <summary>RetortTruth of the kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTruth
{
    public long Images;
    public long* Pads;
    public long* Sizes;
    public float* Boxes;
    public long* Offsets;
    public float* Ignored;
    public long* IgnoredOffsets;
}
