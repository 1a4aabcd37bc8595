using System.Globalization;
using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Draws boxes with class names and scores on images.</summary>
public static class BoxPainter
{
    /// <summary>
    /// Draws <paramref name="boxes"/> on a copy of <paramref name="image"/>, enlarged if the options say so; high scores lie on top.
    /// </summary>
    /// <param name="image">The image; it is not changed.</param>
    /// <param name="boxes">The boxes, in pixels of <paramref name="image"/>.</param>
    /// <param name="classNames">Class names by label; a label without a name is written as its number.</param>
    /// <param name="options">How to draw.</param>
    /// <returns>The drawn image, its sides multiplied by the scale; the caller disposes it.</returns>
    public static Image Draw(Image image, IReadOnlyList<DrawnBox> boxes, IReadOnlyList<string> classNames, DrawOptions? options = null)
    {
        options ??= new DrawOptions();
        int scale = options.Scale > 0 ? options.Scale : DrawOptions.ScaleFor(image.Width, image.Height);
        using SKBitmap source = SkiaBridge.ToSkia(image);
        using SKBitmap target = SkiaBridge.NewBitmap(image.Width * scale, image.Height * scale);
        float fontSize = options.FontSize > 0 ? options.FontSize : Math.Clamp(Math.Min(target.Width, target.Height) / 36f, 11f, 22f);
        using BoxCanvas canvas = new(target, fontSize, scale);
        canvas.DrawImage(source);

        DrawnBox[] ordered = [.. boxes.OrderBy(b => b.Score ?? 0f)];
        foreach (DrawnBox box in ordered)
        {
            canvas.DrawOutline(box);
        }

        // Plates are placed in order of score, highest first.
        foreach (DrawnBox box in options.ShowLabels ? ordered.Reverse() : [])
        {
            canvas.DrawPlate(box, Text(box, classNames));
        }

        canvas.Flush();
        return SkiaBridge.ToImage(target);
    }

    private static string Text(DrawnBox box, IReadOnlyList<string> classNames)
    {
        string name = box.Label >= 0 && box.Label < classNames.Count
            ? classNames[box.Label]
            : box.Label.ToString(CultureInfo.InvariantCulture);
        return box.Score is { } score ? string.Create(CultureInfo.InvariantCulture, $"{name} {score:0.00}") : name;
    }
}
