using Retort.Core.Geometry;
using Retort.Vision.Data;
using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>An image on which boxes are drawn.</summary>
internal sealed class BoxCanvas : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly SKFont _font;
    private readonly float _line;
    private readonly int _scale;
    private readonly SKRect _area;
    private readonly List<SKRect> _plates = [];

    /// <summary>Draws on <paramref name="bitmap"/>; boxes are multiplied by <paramref name="scale"/>.</summary>
    public BoxCanvas(SKBitmap bitmap, float fontSize, int scale)
    {
        _canvas = new SKCanvas(bitmap);
        _font = Lettering.Font(fontSize);
        _line = MathF.Max(1.5f, fontSize / 7f);
        _scale = scale;
        _area = new SKRect(0, 0, bitmap.Width, bitmap.Height);
    }

    /// <summary>Fills the whole area with an image.</summary>
    public void DrawImage(SKBitmap image) => SkiaBridge.DrawInto(_canvas, image, _area);

    /// <summary>Completes pending drawing.</summary>
    public void Flush() => _canvas.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        _canvas.Dispose();
        _font.Dispose();
    }

    /// <summary>Draws the outline of a box.</summary>
    public void DrawOutline(DrawnBox box)
    {
        using SKPath outline = Outline(box);
        using SKPathEffect? dash = box.Dashed ? SKPathEffect.CreateDash([4 * _line, 3 * _line], 0) : null;
        using SKPaint paint = new() { IsStroke = true, IsAntialias = true, StrokeJoin = SKStrokeJoin.Miter };

        // A dark rim keeps light lines visible on light ground.
        paint.Color = SKColors.Black.WithAlpha(120);
        paint.StrokeWidth = _line + 2f;
        _canvas.DrawPath(outline, paint);
        paint.Color = ClassColors.Of(box.Label);
        paint.StrokeWidth = _line;
        paint.PathEffect = dash;
        _canvas.DrawPath(outline, paint);
    }

    /// <summary>Draws the label of a box on a plate of its colour, where it hides little.</summary>
    public void DrawPlate(DrawnBox box, string text)
    {
        text = Lettering.Drawable(_font, text);
        float width = _font.MeasureText(text) + (0.6f * _font.Size);
        float height = 1.3f * _font.Size;
        SKRect plate = FreePlace(Place(box.Box), width, height);
        _plates.Add(plate);

        using SKPaint paint = new() { IsAntialias = true, Color = ClassColors.Of(box.Label).WithAlpha(235) };
        _canvas.DrawRoundRect(plate, 2f, 2f, paint);
        paint.Color = ClassColors.TextOn(ClassColors.Of(box.Label));
        _canvas.DrawText(text, plate.Left + (0.3f * _font.Size), plate.Bottom - (0.34f * _font.Size), SKTextAlign.Left, _font, paint);
    }

    private SKPath Outline(DrawnBox box)
    {
        using var path = new SKPathBuilder();
        if (box.Rotated is { } rotated)
        {
            IEnumerable<SKPoint> corners = rotated.Corners.ToArray()
                .Chunk(2)
                .Select(corner => new SKPoint((float)corner[0] * _scale, (float)corner[1] * _scale));
            path.AddPoly([.. corners], close: true);
        }
        else
        {
            path.AddRect(Place(box.Box));
        }

        return path.Detach();
    }

    // Above the box if there is room, else below, inside, or at its right; the place that overlaps other plates least wins.
    private SKRect FreePlace(SKRect box, float width, float height)
    {
        float edge = _line / 2;
        (float X, float Y)[] corners =
        [
            (box.Left - edge, box.Top - height - edge), (box.Left - edge, box.Bottom + edge),
            (box.Right - width + edge, box.Top - height - edge), (box.Right - width + edge, box.Bottom + edge),
            (box.Left + edge, box.Top + edge), (box.Left + edge, box.Bottom - height - edge),
        ];
        return Inside(corners
            .Select(corner => SKRect.Create(corner.X, corner.Y, width, height))
            .MinBy(plate => OutsideArea(plate) + _plates.Sum(other => Shared(plate, other))));
    }

    private SKRect Inside(SKRect plate) => SKRect.Create(
        Math.Clamp(plate.Left, 0, Math.Max(0, _area.Width - plate.Width)),
        Math.Clamp(plate.Top, 0, Math.Max(0, _area.Height - plate.Height)),
        plate.Width,
        plate.Height);

    // A plate slightly outside the image is moved inside, so this counts half.
    private float OutsideArea(SKRect plate) => 0.5f * ((plate.Width * plate.Height) - Shared(plate, _area));

    private static float Shared(SKRect a, SKRect b) =>
        MathF.Max(0, MathF.Min(a.Right, b.Right) - MathF.Max(a.Left, b.Left))
        * MathF.Max(0, MathF.Min(a.Bottom, b.Bottom) - MathF.Max(a.Top, b.Top));

    private SKRect Place(Box box) => new(box.X1 * _scale, box.Y1 * _scale, box.X2 * _scale, box.Y2 * _scale);
}
