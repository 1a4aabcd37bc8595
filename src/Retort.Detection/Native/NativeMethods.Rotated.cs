using System.Runtime.InteropServices;

namespace Retort.Detection.Native;

/// <summary>Rectangles in any direction (native/kernels/rotated_overlaps.cpp, rotated_regions.cpp).</summary>
internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_rotated_overlaps(
        float* first, long m, float* second, long n, int overFirst, int aligned, float* result);

    [LibraryImport(Library)]
    internal static partial int retort_rotated_nms(
        float* boxes, float* scores, int* labels, int count, float threshold, int limit, int* keep);

    [LibraryImport(Library)]
    internal static partial int retort_overlap_region(
        NativeGrid* grid, NativeTruth* truth, float[] thresholds, float gamma, float[] values);

    [LibraryImport(Library)]
    internal static partial int retort_rotated_valuable_region(
        NativeGrid* grid, NativeTruth* truth, float[] rotated, float[]? thresholds, long topk, float gamma, float[] values);
}
