using System.Runtime.InteropServices;

namespace Retort.Detection.Native;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    internal static partial int retort_nms(float* boxes, float* scores, int* labels, int count, float threshold, int limit, int* keep);

    [LibraryImport(Library)]
    internal static partial int retort_voting_nms(
        float* boxes, float* scores, int* labels, int count, float threshold, float distancePower, float voteThreshold, float voteVariance,
        int limit, int* keep, float* voted);

    [LibraryImport(Library)]
    internal static partial int retort_soft_nms(
        float* boxes, float* scores, int* labels, int count, int decay, float threshold, float sigma, float least, int limit, int* keep,
            float* lowered);
}
