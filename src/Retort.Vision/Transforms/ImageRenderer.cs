using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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
    /// <param name="normalize">Statistics and channel order.</param>
    /// <param name="target">[3, canvas height, canvas width], float32: written completely.</param>
    /// <param name="canvas">Size of the slot, at least the resized size.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static void Render(Image image, SampleGeometry geometry, NormalizeOptions normalize, Span<float> target, ImageSize canvas)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(normalize);
        ImageSize resized = geometry.Resized;
        long plane = (long)canvas.Width * canvas.Height;
        if (canvas.Width < resized.Width || canvas.Height < resized.Height || target.Length != Channels * plane)
        {
            throw new ArgumentException($"{target.Length} values for a canvas of 3x{canvas} cannot take an image of {resized}", nameof(target));
        }

        if (image.Width != geometry.Original.Width || image.Height != geometry.Original.Height)
        {
            throw new ArgumentException($"the image has {image.Width}x{image.Height} pixels, the geometry is for {geometry.Original}", nameof(image));
        }

        fixed (float* start = target)
        {
            BilinearResize.Run(image, resized.Width, resized.Height, new PlanarSink(start, canvas, geometry, normalize));
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

    private readonly struct PlanarSink : IResizeSink
    {
        private readonly float* _start;
        private readonly ImageSize _canvas;
        private readonly SampleGeometry _geometry;
        private readonly Statistics _statistics;
        private readonly bool _toRgb;

        public PlanarSink(float* start, ImageSize canvas, SampleGeometry geometry, NormalizeOptions normalize)
        {
            _start = start;
            (_canvas, _geometry, _toRgb) = (canvas, geometry, normalize.ToRgb);
            for (int c = 0; c < Channels; c++)
            {
                _statistics.Mean[c] = (float)normalize.Mean[c];
                _statistics.Factor[c] = (float)(1.0 / normalize.Std[c]);
            }
        }

        public void Accept(int y, byte* bgrx)
        {
            int width = _geometry.Resized.Width;
            int targetRow = _geometry.FlipVertical ? _geometry.Resized.Height - 1 - y : y;
            for (int c = 0; c < Channels; c++)
            {
                float* row = _start + ((long)c * _canvas.Width * _canvas.Height) + ((long)targetRow * _canvas.Width);
                byte* channel = bgrx + (_toRgb ? Channels - 1 - c : c);
                if (_geometry.FlipHorizontal)
                {
                    WriteMirrored(channel, row, width, _statistics.Mean[c], _statistics.Factor[c]);
                }
                else
                {
                    Write(channel, row, width, _statistics.Mean[c], _statistics.Factor[c]);
                }

                new Span<float>(row + width, _canvas.Width - width).Clear();
            }
        }

        private static void Write(byte* channel, float* row, int width, float mean, float factor)
        {
            int x = 0;
            for (; x + 8 <= width; x += 8)
            {
                Convert(channel + (4 * x), mean, factor).Store(row + x);
            }

            for (; x < width; x++)
            {
                row[x] = (channel[4 * x] - mean) * factor;
            }
        }

        private static void WriteMirrored(byte* channel, float* row, int width, float mean, float factor)
        {
            Vector256<int> backwards = Vector256.Create(7, 6, 5, 4, 3, 2, 1, 0);
            int x = 0;
            for (; x + 8 <= width; x += 8)
            {
                Vector256.Shuffle(Convert(channel + (4 * x), mean, factor), backwards).Store(row + width - 8 - x);
            }

            for (; x < width; x++)
            {
                row[width - 1 - x] = (channel[4 * x] - mean) * factor;
            }
        }

        // The pointer is at the wanted byte of the first of eight pixels; the others of its four bytes are masked away.
        private static Vector256<float> Convert(byte* channel, float mean, float factor)
        {
            Vector256<int> values = Vector256.Load((int*)channel) & Vector256.Create(0xFF);
            return (Vector256.ConvertToSingle(values) - Vector256.Create(mean)) * Vector256.Create(factor);
        }
    }

    private struct Statistics
    {
        public fixed float Mean[Channels];
        public fixed float Factor[Channels];
    }
}
