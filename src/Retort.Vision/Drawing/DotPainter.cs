using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Draws dots on images, such as the cells where a detector is trained.</summary>
public static class DotPainter
{
    private const byte Opacity = 215;

    /// <summary>Draws <paramref name="dots"/> on a copy of <paramref name="image"/>, the large ones below the small ones.</summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="dots">The dots, in pixels of <paramref name="image"/>.</param>
    /// <returns>The drawn image, of the size of <paramref name="image"/>; the caller disposes it.</returns>
    public static Image Draw(Image image, IReadOnlyList<DrawnDot> dots)
    {
        using SKBitmap target = SkiaBridge.ToSkia(image);
        using SKCanvas canvas = new(target);
        using SKPaint paint = new() { IsAntialias = true };
        foreach (DrawnDot dot in dots.OrderByDescending(d => d.Radius))
        {
            // A dark rim keeps light dots visible on light ground.
            paint.Color = SKColors.Black.WithAlpha(Opacity);
            canvas.DrawCircle(dot.X, dot.Y, dot.Radius + 1f, paint);
            paint.Color = ClassColors.Of(dot.Label).WithAlpha(Opacity);
            canvas.DrawCircle(dot.X, dot.Y, dot.Radius, paint);
        }

        canvas.Flush();
        return SkiaBridge.ToImage(target);
    }
}
