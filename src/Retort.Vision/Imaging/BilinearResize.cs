using System.Runtime.Intrinsics;

namespace Retort.Vision.Imaging;

/// <summary>
/// Bilinear resize equal to OpenCV's <c>resize</c> with <c>INTER_LINEAR</c> for 8-bit images of three channels: pixel centres at half
/// positions, no antialiasing, 11-bit fixed-point weights, and the mean of 2x2 blocks where both sides are halved exactly.
/// </summary>
public static unsafe class BilinearResize
{
    /// <summary>Makes a resized copy.</summary>
    /// <param name="source">The image.</param>
    /// <param name="width">Width of the result in pixels, at least 1.</param>
    /// <param name="height">Height of the result in pixels, at least 1.</param>
    public static Image Resize(Image source, int width, int height) => Resize(source, width, height, simd: true);

    internal static Image Resize(Image source, int width, int height, bool simd)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = new Image(width, height);
        Run(source, width, height, new ImageSink(result), simd);
        return result;
    }

    /// <summary>Produces the resized rows one by one, so that a caller can process them while they are in the cache.</summary>
    internal static void Run<TSink>(Image source, int width, int height, TSink sink, bool simd = true)
        where TSink : struct, IResizeSink
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        // Kernels work on blocks of eight pixels. Two filtered rows of 4 x 16 bits a pixel, then one finished row of 4 bytes a pixel.
        int blockWidth = (width + 7) / 8 * 8;
        NativeBuffer scratch = NativeBufferPool.Shared.Rent(blockWidth * 20L);
        try
        {
            byte* finished = scratch.Pointer + (blockWidth * 16L);
            if (source.Width == 2L * width && source.Height == 2L * height)
            {
                Halve(source, width, height, finished, sink, simd);
            }
            else
            {
                short* first = (short*)scratch.Pointer;
                Interpolate(source, width, height, first, first + (blockWidth * 4L), finished, sink, simd);
            }
        }
        finally
        {
            NativeBufferPool.Shared.Return(scratch);
        }
    }

    private static void Interpolate<TSink>(
        Image source, int width, int height, short* first, short* second, byte* finished, TSink sink, bool simd)
        where TSink : struct, IResizeSink
    {
        ResizeAxis horizontal = ResizeAxis.Horizontal(source.Width, width);
        ResizeAxis vertical = ResizeAxis.Vertical(source.Height, height);
        (int inFirst, int inSecond) = (-1, -1);
        for (int y = 0; y < height; y++)
        {
            int y0 = Math.Clamp(vertical.Positions[y], 0, source.Height - 1);
            int y1 = Math.Clamp(vertical.Positions[y] + 1, 0, source.Height - 1);
            if (y0 == inSecond)
            {
                short* swapped = first;
                first = second;
                second = swapped;
                (inFirst, inSecond) = (inSecond, inFirst);
            }

            if (y0 != inFirst)
            {
                ResizeKernels.Horizontal(source.Pointer + ((long)y0 * source.Stride), horizontal, first, width, simd);
                inFirst = y0;
            }

            if (y1 != y0 && y1 != inSecond)
            {
                ResizeKernels.Horizontal(source.Pointer + ((long)y1 * source.Stride), horizontal, second, width, simd);
                inSecond = y1;
            }

            ResizeKernels.Vertical(first, y1 == y0 ? first : second, vertical.Weights[y], finished, width, simd);
            sink.Accept(y, finished);
        }
    }

    private static void Halve<TSink>(Image source, int width, int height, byte* finished, TSink sink, bool simd)
        where TSink : struct, IResizeSink
    {
        for (int y = 0; y < height; y++)
        {
            byte* row = source.Pointer + (2L * y * source.Stride);
            ResizeKernels.Halve(row, row + source.Stride, finished, width, simd);
            sink.Accept(y, finished);
        }
    }

    private readonly struct ImageSink(Image target) : IResizeSink
    {
        public void Accept(int y, byte* bgrx)
        {
            byte* to = target.Pointer + ((long)y * target.Stride);
            int x = 0;
            if (Vector128.IsHardwareAccelerated)
            {
                // Four pixels at once write four bytes too many: the next row, or the slack behind the last one, overwrites or holds them.
                Vector128<byte> squeeze = Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, (byte)255);
                for (; x + 4 <= target.Width; x += 4, bgrx += 16, to += 12)
                {
                    Vector128.Shuffle(Vector128.Load(bgrx), squeeze).Store(to);
                }
            }

            for (; x < target.Width; x++, bgrx += 4, to += 3)
            {
                (to[0], to[1], to[2]) = (bgrx[0], bgrx[1], bgrx[2]);
            }
        }
    }
}
