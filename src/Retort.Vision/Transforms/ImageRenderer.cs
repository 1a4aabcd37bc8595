using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Retort.Vision.Imaging;

namespace Retort.Vision.Transforms;

/// <summary>
/// Rescale, flip, channel order, normalisation and layout in one pass over the image: each resized row goes straight from the cache into
/// the planar float tensor.
/// </summary>
public static unsafe class ImageRenderer
{
    private const int Channels = 3;

    /// <summary>Renders an image into one slot of a batch; the rest of the slot becomes zero.</summary>
    /// <param name="image">The decoded file; its size must be the geometry's original size.</param>
    /// <param name="geometry">Rescaled size and flips.</param>
    /// <param name="pipeline">Mean, deviation and order of the channels.</param>
    /// <param name="target">[3, canvas height, canvas width], float32: written completely.</param>
    /// <param name="canvas">Size of the slot, at least the resized size.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static void Render(Image image, SampleGeometry geometry, PipelineOptions pipeline, Span<float> target, ImageSize canvas)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(pipeline);
        ImageSize resized = geometry.Resized;
        long plane = (long)canvas.Width * canvas.Height;
        if (canvas.Width < resized.Width || canvas.Height < resized.Height || target.Length != Channels * plane)
        {
            throw new ArgumentException($"{target.Length} values for a canvas of 3x{canvas} cannot take an image of {resized}",
                nameof(target));
        }

        if (image.Width != geometry.Original.Width || image.Height != geometry.Original.Height)
        {
            throw new ArgumentException($"the image has {image.Width}x{image.Height} pixels, the geometry is for {geometry.Original}",
                nameof(image));
        }

        fixed (float* start = target)
        {
            BilinearResize.Run(image, resized.Width, resized.Height, new PlanarSink(start, canvas, geometry, pipeline));
        }

        ClearBelow(target, canvas, resized.Height);
    }

    private static void ClearBelow(Span<float> target, ImageSize canvas, int rows)
    {
        int plane = canvas.Width * canvas.Height;
        for (int c = 0; c < Channels; c++)
        {
            target[((c * plane) + (rows * canvas.Width))..((c + 1) * plane)].Clear();
        }
    }

    private readonly struct PlanarSink(float* start, ImageSize canvas, SampleGeometry geometry, PipelineOptions pipeline) : IResizeSink
    {
        private readonly float* _start = start;
        private readonly float[] _tables = PixelTables.Of(pipeline);

        public void Accept(int y, byte* bgrx)
        {
            int width = geometry.Resized.Width;
            int targetRow = geometry.FlipVertical ? geometry.Resized.Height - 1 - y : y;
            fixed (float* tables = _tables)
            {
                for (int c = 0; c < Channels; c++)
                {
                    float* row = _start + ((long)c * canvas.Width * canvas.Height) + ((long)targetRow * canvas.Width);
                    byte* channel = bgrx + (pipeline.ColorOrder == ColorOrder.Rgb ? Channels - 1 - c : c);
                    float* table = tables + (c * PixelTables.Length);
                    if (geometry.FlipHorizontal)
                    {
                        WriteMirrored(channel, row, width, table);
                    }
                    else
                    {
                        Write(channel, row, width, table);
                    }

                    new Span<float>(row + width, canvas.Width - width).Clear();
                }
            }
        }

        private static void Write(byte* channel, float* row, int width, float* table)
        {
            int x = 0;
            for (; Avx2.IsSupported && x + 8 <= width; x += 8)
            {
                LookUp(channel + (4 * x), table).Store(row + x);
            }

            for (; x < width; x++)
            {
                row[x] = table[channel[4 * x]];
            }
        }

        private static void WriteMirrored(byte* channel, float* row, int width, float* table)
        {
            Vector256<int> backwards = Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0);
            int x = 0;
            for (; Avx2.IsSupported && x + 8 <= width; x += 8)
            {
                Vector256.Shuffle(LookUp(channel + (4 * x), table), backwards).Store(row + width - 8 - x);
            }

            for (; x < width; x++)
            {
                row[width - 1 - x] = table[channel[4 * x]];
            }
        }

        // The pointer is at the wanted byte of the first of eight pixels; the others of its four bytes are masked away.
        private static Vector256<float> LookUp(byte* channel, float* table) =>
            Avx2.GatherVector256(table, Vector256.Load((int*)channel) & Vector256.Create(0xFF), sizeof(float));
    }
}
