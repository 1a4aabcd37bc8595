using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Retort.Vision.Imaging;

/// <summary>
/// The two passes of the bilinear resize. Between them a row is kept as four 16-bit values a pixel (blue, green, red, padding): the
/// horizontal sum of bytes times 11-bit weights, shifted right by 4, as OpenCV's vertical pass reads it.
/// </summary>
internal static unsafe class ResizeKernels
{
    /// <summary>
    /// Filters one source row (3 bytes per pixel) horizontally into <paramref name="to"/>: 4 values for each of
    /// <paramref name="width"/> pixels.
    /// </summary>
    public static void Horizontal(byte* row, ResizeAxis axis, short* to, int width, bool simd)
    {
        if (simd && Avx2.IsSupported)
        {
            HorizontalAvx2(row, axis, to, width);
            return;
        }

        for (int x = 0; x < width; x++, to += 4)
        {
            byte* at = row + axis.Positions[x];
            // The second weight is zero on the right border, where the next pixel does not exist (but its bytes may be read).
            (int w0, int w1) = (axis.Weights[x] & 0xFFFF, axis.Weights[x] >> 16);
            to[0] = (short)(((at[0] * w0) + (at[3] * w1)) >> 4);
            to[1] = (short)(((at[1] * w0) + (at[4] * w1)) >> 4);
            to[2] = (short)(((at[2] * w0) + (at[5] * w1)) >> 4);
        }
    }

    /// <summary>Combines two filtered rows into four bytes a pixel.</summary>
    public static void Vertical(short* row0, short* row1, int weights, byte* to, int width, bool simd)
    {
        (short weight0, short weight1) = ((short)weights, (short)(weights >> 16));
        if (simd && Avx2.IsSupported)
        {
            VerticalAvx2(row0, row1, weight0, weight1, to, width);
            return;
        }

        for (int i = 0; i < width * 4; i++)
        {
            to[i] = (byte)((((row0[i] * weight0) >> 16) + ((row1[i] * weight1) >> 16) + 2) >> 2);
        }
    }

    /// <summary>Averages each 2x2 block into four bytes a pixel: what OpenCV's bilinear mode does for an exact halving.</summary>
    public static void Halve(byte* row0, byte* row1, byte* to, int width, bool simd)
    {
        if (simd && Avx2.IsSupported)
        {
            HalveAvx2(row0, row1, to, width);
            return;
        }

        for (int x = 0; x < width; x++, row0 += 6, row1 += 6, to += 4)
        {
            to[0] = (byte)((row0[0] + row0[3] + row1[0] + row1[3] + 2) >> 2);
            to[1] = (byte)((row0[1] + row0[4] + row1[1] + row1[4] + 2) >> 2);
            to[2] = (byte)((row0[2] + row0[5] + row1[2] + row1[5] + 2) >> 2);
        }
    }

    private static void HorizontalAvx2(byte* row, ResizeAxis axis, short* to, int width)
    {
        // Of the eight bytes of a pixel and its neighbour, B0 G0 R0 B1 G1 R1 . ., make 16-bit pairs (B0 B1) (G0 G1) (R0 R1) for the
        // multiply-add with (weight0, weight1). Four pixels lie as [0 1 | 2 3]: pixels 0 and 2 in the lower, 1 and 3 in the upper quarters.
        Vector128<byte> pairs = Vector128.Create(0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, (byte)255);
        Vector128<byte> upperPairs = Vector128.Create(8, 255, 11, 255, 9, 255, 12, 255, 10, 255, 13, 255, 255, 255, 255, (byte)255);
        Vector256<byte> even = Vector256.Create(pairs, pairs);
        Vector256<byte> odd = Vector256.Create(upperPairs, upperPairs);
        Vector256<int> evenWeights = Vector256.Create(0, 0, 0, 0, 2, 2, 2, 2);
        Vector256<int> oddWeights = Vector256.Create(1, 1, 1, 1, 3, 3, 3, 3);
        fixed (int* positions = axis.Positions, weights = axis.Weights)
        {
            for (int x = 0; x < width; x += 4, to += 16)
            {
                Vector256<byte> pixels = Vector256.Create(
                    LoadTwo(row + positions[x], row + positions[x + 1]), LoadTwo(row + positions[x + 2], row + positions[x + 3]));
                Vector256<int> four = Vector128.Load(weights + x).ToVector256Unsafe();
                Vector256<int> first = Avx2.MultiplyAddAdjacent(
                Avx2.Shuffle(pixels, even).AsInt16(), Avx2.PermuteVar8x32(four, evenWeights).AsInt16());
                Vector256<int> second = Avx2.MultiplyAddAdjacent(
                Avx2.Shuffle(pixels, odd).AsInt16(), Avx2.PermuteVar8x32(four, oddWeights).AsInt16());
                Avx2.PackSignedSaturate(first >> 4, second >> 4).Store(to);
            }
        }
    }

    private static Vector128<byte> LoadTwo(byte* a, byte* b) => Sse2.LoadHigh(Sse2.LoadScalarVector128((double*)a), (double*)b).AsByte();

    private static void HalveAvx2(byte* row0, byte* row1, byte* to, int width)
    {
        // Of four pixels in a half: (B0 B1) (G0 G1) (R0 R1) (. .) (B2 B3) (G2 G3) (R2 R3) (. .), whose pairs are then added.
        Vector128<byte> pairs = Vector128.Create(0, 3, 1, 4, 2, 5, 255, 255, 6, 9, 7, 10, 8, 11, 255, (byte)255);
        Vector256<byte> both = Vector256.Create(pairs, pairs);
        for (int x = 0; x < width; x += 8, row0 += 48, row1 += 48, to += 32)
        {
            Vector256<short> first = SumPairs(row0, both) + SumPairs(row1, both) + Vector256.Create((short)2);
            Vector256<short> second = SumPairs(row0 + 24, both) + SumPairs(row1 + 24, both) + Vector256.Create((short)2);
            Store(Avx2.PackUnsignedSaturate(first >> 2, second >> 2), to);
        }
    }

    private static Vector256<short> SumPairs(byte* row, Vector256<byte> pairs) =>
        Avx2.MultiplyAddAdjacent(
            Avx2.Shuffle(Vector256.Create(Vector128.Load(row), Vector128.Load(row + 12)), pairs), Vector256<sbyte>.One);

    private static void VerticalAvx2(short* row0, short* row1, short weight0, short weight1, byte* to, int width)
    {
        Vector256<short> w0 = Vector256.Create(weight0);
        Vector256<short> w1 = Vector256.Create(weight1);
        for (int x = 0; x < width; x += 8, row0 += 32, row1 += 32, to += 32)
        {
            Vector256<byte> packed = Avx2.PackUnsignedSaturate(Blend(row0, row1, w0, w1), Blend(row0 + 16, row1 + 16, w0, w1));
            Store(packed, to);
        }
    }

    // Packing works within halves: the four quarters go back into the order of the pixels.
    private static void Store(Vector256<byte> packed, byte* to) => Avx2.Permute4x64(packed.AsUInt64(), 0b11_01_10_00).AsByte().Store(to);

    private static Vector256<short> Blend(short* row0, short* row1, Vector256<short> w0, Vector256<short> w1)
    {
        Vector256<short> sum = Avx2.MultiplyHigh(Vector256.Load(row0), w0) + Avx2.MultiplyHigh(Vector256.Load(row1), w1);
        return Vector256.ShiftRightArithmetic(sum + Vector256.Create((short)2), 2);
    }
}
