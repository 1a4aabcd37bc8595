using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Converts images between Retort (BGR, three bytes per pixel) and Skia (BGRA, four).</summary>
internal static class SkiaBridge
{
    /// <summary>A copy for Skia, opaque; the caller disposes it.</summary>
    public static SKBitmap ToSkia(Image image)
    {
        SKBitmap bitmap = NewBitmap(image.Width, image.Height);
        Span<byte> target = bitmap.GetPixelSpan();
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = image.Row(y);
            Span<byte> to = target.Slice(y * bitmap.RowBytes, 4 * image.Width);
            for (int x = 0; x < image.Width; x++)
            {
                from.Slice(3 * x, 3).CopyTo(to[(4 * x)..]);
                to[(4 * x) + 3] = 255;
            }
        }

        return bitmap;
    }

    /// <summary>A copy for Retort; the caller disposes it.</summary>
    public static Image ToImage(SKBitmap bitmap)
    {
        Image image = new(bitmap.Width, bitmap.Height);
        ReadOnlySpan<byte> source = bitmap.GetPixelSpan();
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = source.Slice(y * bitmap.RowBytes, 4 * image.Width);
            Span<byte> to = image.Row(y);
            for (int x = 0; x < image.Width; x++)
            {
                from.Slice(4 * x, 3).CopyTo(to[(3 * x)..]);
            }
        }

        return image;
    }

    /// <summary>An opaque bitmap in the layout of this bridge.</summary>
    public static SKBitmap NewBitmap(int width, int height) =>
        new(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));

    /// <summary>Draws a bitmap into a rectangle: smoothly where it is scaled, otherwise pixel by pixel.</summary>
    public static void DrawInto(SKCanvas canvas, SKBitmap bitmap, SKRect place)
    {
        using SKImage image = SKImage.FromBitmap(bitmap);
        bool isScaled = place.Width != bitmap.Width || place.Height != bitmap.Height;
        canvas.DrawImage(image, place, isScaled ? new SKSamplingOptions(SKCubicResampler.Mitchell) : SKSamplingOptions.Default);
    }
}
