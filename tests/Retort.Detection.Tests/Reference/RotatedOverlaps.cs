using Retort.Detection.Geometry;
using Retort.Detection.Native;

namespace Retort.Detection.Tests.Reference;

/// <summary>
/// Exact overlaps of rectangles in any direction, computed on the host by clipping one at the other's sides, on all threads. Boxes are
/// centre x, y, width, height and angle (radians, from x towards y) in turn; those without area overlap nothing.
/// </summary>
internal static class RotatedOverlaps
{
    /// <summary>Overlap of every box with every other, row by row; length M*N.</summary>
    /// <param name="first">Length 5*M.</param>
    /// <param name="second">Length 5*N.</param>
    /// <param name="kind"><see cref="OverlapKind.Iou"/> or <see cref="OverlapKind.Iof"/>.</param>
    public static float[] Pairwise(ReadOnlySpan<float> first, ReadOnlySpan<float> second, OverlapKind kind = OverlapKind.Iou) =>
        Measure(first, second, kind, aligned: false, new float[checked(Boxes(first) * Boxes(second))]);

    /// <summary>Overlap of each box with its counterpart; length M.</summary>
    /// <param name="first">Length 5*M.</param>
    /// <param name="second">Length 5*M.</param>
    /// <param name="kind"><see cref="OverlapKind.Iou"/> or <see cref="OverlapKind.Iof"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static float[] Aligned(ReadOnlySpan<float> first, ReadOnlySpan<float> second, OverlapKind kind = OverlapKind.Iou) =>
        first.Length == second.Length
        ? Measure(first, second, kind, aligned: true, new float[Boxes(first)])
        : throw new ArgumentException($"{first.Length} and {second.Length} numbers are not the same number of boxes");

    private static unsafe float[] Measure(
        ReadOnlySpan<float> first, ReadOnlySpan<float> second, OverlapKind kind, bool aligned, float[] result)
    {
        if (kind is not (OverlapKind.Iou or OverlapKind.Iof))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "rotated boxes have IoU and IoF only");
        }

        fixed (float* a = first, b = second, r = result)
        {
            NativeMethods.Check(NativeMethods.retort_rotated_overlaps(a, Boxes(first), b, Boxes(second), kind == OverlapKind.Iof ? 1
                : 0, aligned ? 1 : 0, r));
        }

        return result;
    }

    private static int Boxes(ReadOnlySpan<float> numbers) => numbers.Length % 5 == 0
        ? numbers.Length / 5
        : throw new ArgumentException($"rotated boxes have five numbers each, but there are {numbers.Length}");
}
