using Retort.Vision.Imaging;
using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Many images on one: a grid with captions and optional column headings (ground truth, student, distilled student).</summary>
public static class ContactSheet
{
    private const int Gap = 10;
    private const float TextSize = 15f;
    private const int TextHeight = 26;

    private static readonly SKColor Ground = new(0x1B, 0x1E, 0x24);
    private static readonly SKColor Ink = new(0xE6, 0xE8, 0xEB);

    /// <summary>Lays the cells out row by row.</summary>
    /// <param name="cells">The images, 1 or more; each is fitted into its cell with its aspect ratio kept.</param>
    /// <param name="columns">Images per row, 1 or more.</param>
    /// <param name="headings">Column headings: none, or one per column.</param>
    /// <param name="cellWidth">Width of an image on the sheet in pixels; 0 for that of the widest image.</param>
    /// <returns>The sheet; the caller disposes it.</returns>
    public static Image Compose(IReadOnlyList<SheetCell> cells, int columns, IReadOnlyList<string>? headings = null, int cellWidth = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells.Count, 1, nameof(cells));
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (headings is { Count: > 0 } && headings.Count != columns)
        {
            throw new ArgumentException($"{headings.Count} headings for {columns} columns", nameof(headings));
        }

        columns = Math.Min(columns, cells.Count);
        int width = cellWidth > 0 ? cellWidth : cells.Max(c => c.Image.Width);
        int headingHeight = headings is { Count: > 0 } ? TextHeight : 0;
        SheetCell[][] rows = [.. cells.Chunk(columns)];
        int totalHeight = headingHeight + Gap + rows.Sum(row => ImageHeight(row, width) + CaptionHeight(row) + Gap);

        using SKBitmap sheet = SkiaBridge.NewBitmap(Gap + (columns * (width + Gap)), totalHeight);
        using SKCanvas canvas = new(sheet);
        using SKFont font = Lettering.Font(TextSize);
        canvas.Clear(Ground);
        for (int column = 0; column < columns && headingHeight > 0; column++)
        {
            DrawText(canvas, font, headings![column], Gap + (column * (width + Gap)), Gap / 2, width);
        }

        int top = headingHeight + Gap;
        foreach (SheetCell[] row in rows)
        {
            DrawRow(canvas, font, row, top, width);
            top += ImageHeight(row, width) + CaptionHeight(row) + Gap;
        }

        canvas.Flush();
        return SkiaBridge.ToImage(sheet);
    }

    private static int ImageHeight(SheetCell[] row, int width) =>
        row.Max(c => (int)Math.Ceiling((double)c.Image.Height * width / c.Image.Width));

    private static int CaptionHeight(SheetCell[] row) => row.Any(c => c.Caption.Length > 0) ? TextHeight : 0;

    private static void DrawRow(SKCanvas canvas, SKFont font, SheetCell[] row, int top, int width)
    {
        int height = ImageHeight(row, width);
        for (int column = 0; column < row.Length; column++)
        {
            int left = Gap + (column * (width + Gap));
            DrawImage(canvas, row[column].Image, left, top, width, height);
            DrawText(canvas, font, row[column].Caption, left, top + height, width);
        }
    }

    private static void DrawImage(SKCanvas canvas, Image image, int left, int top, int width, int height)
    {
        float scale = Math.Min((float)width / image.Width, (float)height / image.Height);
        (float w, float h) = (image.Width * scale, image.Height * scale);
        using SKBitmap bitmap = SkiaBridge.ToSkia(image);
        SkiaBridge.DrawInto(canvas, bitmap, SKRect.Create(left + ((width - w) / 2), top + ((height - h) / 2), w, h));
    }

    private static void DrawText(SKCanvas canvas, SKFont font, string text, float left, float top, float width)
    {
        text = Fitted(font, Lettering.Drawable(font, text), width);
        using SKPaint paint = new() { IsAntialias = true, Color = Ink };
        canvas.DrawText(text, left + (width / 2f), top + (0.72f * TextHeight), SKTextAlign.Center, font, paint);
    }

    private static string Fitted(SKFont font, string text, float width)
    {
        if (font.MeasureText(text) <= width)
        {
            return text;
        }

        int length = text.Length;
        while (length > 0 && font.MeasureText(text[..length] + "…") > width)
        {
            length--;
        }

        return text[..length] + "…";
    }
}
