using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Retort.Vision.Imaging;

/// <summary>
/// The two passes of the bilinear resize. Between them a row is kept as four 16-bit values a pixel (blue, green, red, padding): the
/// horizontal sum of bytes times 11-bit weights, shifted right by 4, as OpenCV's vertical pass reads it.
/// </summary>
internal static unsafe class ResizeKernels
{
    /// <summary>Filters one source row (3 bytes a pixel) horizontally into <paramref name="to"/>: 4 values for each of <paramref name="width"/> pixels.</summary>
    public static void Horizontal(byte* row, ResizeAxis axis, short* to, int width, bool simd)
    {
        if (simd && Avx2.IsSupported)
        {
            HorizontalAvx2(row, axis, to, width);
            return;
        }

        for (int x = 0; x < width; x++, to += 4)
        {
            byte* at = row + (3 * axis.Position[x]);
            // The second weight is zero on the right border, where the next pixel does not exist (but its bytes may be read).
            (int w0, int w1) = (axis.Weight0[x], axis.Weight1[x]);
            to[0] = (short)(((at[0] * w0) + (at[3] * w1)) >> 4);
            to[1] = (short)(((at[1] * w0) + (at[4] * w1)) >> 4);
            to[2] = (short)(((at[2] * w0) + (at[5] * w1)) >> 4);
        }
    }

    /// <summary>Combines two filtered rows into four bytes a pixel.</summary>
    public static void Vertical(short* row0, short* row1, short weight0, short weight1, byte* to, int width, bool simd)
    {
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

    /// <summary>Averages each 2x2 block: what OpenCV's bilinear mode does for an exact halving.</summary>
    public static void Halve(byte* row0, byte* row1, byte* to, int width)
    {
        for (int x = 0; x < width; x++, row0 += 6, row1 += 6, to += 4)
        {
            to[0] = (byte)((row0[0] + row0[3] + row1[0] + row1[3] + 2) >> 2);
            to[1] = (byte)((row0[1] + row0[4] + row1[1] + row1[4] + 2) >> 2);
            to[2] = (byte)((row0[2] + row0[5] + row1[2] + row1[5] + 2) >> 2);
        }
    }

    private static void HorizontalAvx2(byte* row, ResizeAxis axis, short* to, int width)
    {
        // In each half: B0 G0 R0 B1 G1 R1 -> 16-bit pairs (B0 B1) (G0 G1) (R0 R1), ready for the multiply-add with (weight0, weight1).
        Vector256<byte> pairs = Vector256.Create(
            0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255, 0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, (byte)255);
        fixed (int* position = axis.Position)
        fixed (short* weight0 = axis.Weight0, weight1 = axis.Weight1)
        {
            for (int x = 0; x < width; x += 4, to += 16)
            {
                Vector256<int> even = Pair(row, position, weight0, weight1, x, x + 2, pairs);
                Vector256<int> odd = Pair(row, position, weight0, weight1, x + 1, x + 3, pairs);
                Avx2.PackSignedSaturate(even, odd).Store(to);
            }
        }
    }

    private static Vector256<int> Pair(byte* row, int* position, short* weight0, short* weight1, int a, int b, Vector256<byte> pairs)
    {
        Vector256<byte> pixels = Vector256.Create(Vector128.CreateScalarUnsafe(*(ulong*)(row + (3 * position[a]))), Vector128.CreateScalarUnsafe(*(ulong*)(row + (3 * position[b])))).AsByte();
        Vector256<short> weights = Vector256.Create(Weights(weight0[a], weight1[a]), Weights(weight0[b], weight1[b])).AsInt16();
        return Vector256.ShiftRightArithmetic(Avx2.MultiplyAddAdjacent(Avx2.Shuffle(pixels, pairs).AsInt16(), weights), 4);
    }

    private static Vector128<int> Weights(short weight0, short weight1) => Vector128.Create((ushort)weight0 | (weight1 << 16));

    private static void VerticalAvx2(short* row0, short* row1, short weight0, short weight1, byte* to, int width)
    {
        Vector256<short> w0 = Vector256.Create(weight0);
        Vector256<short> w1 = Vector256.Create(weight1);
        for (int x = 0; x < width; x += 8, row0 += 32, row1 += 32, to += 32)
        {
            Vector256<byte> packed = Avx2.PackUnsignedSaturate(Blend(row0, row1, w0, w1), Blend(row0 + 16, row1 + 16, w0, w1));
            // Packing works within halves: put the four quarters back into the order of the pixels.
            Avx2.Permute4x64(packed.AsUInt64(), 0b11_01_10_00).AsByte().Store(to);
        }
    }

    private static Vector256<short> Blend(short* row0, short* row1, Vector256<short> w0, Vector256<short> w1)
    {
        Vector256<short> sum = Avx2.MultiplyHigh(Vector256.Load(row0), w0) + Avx2.MultiplyHigh(Vector256.Load(row1), w1);
        return Vector256.ShiftRightArithmetic(sum + Vector256.Create((short)2), 2);
    }
}
