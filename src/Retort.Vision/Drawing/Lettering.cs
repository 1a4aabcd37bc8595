using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Text with the font that comes with Retort: the same on every machine, also where no font is installed.</summary>
internal static class Lettering
{
    private const string Resource = "Retort.Vision.Drawing.Fonts.RetortSans-Bold.ttf";

    // Stands for characters that the font does not have.
    private const char Substitute = '\u25A1';

    private static readonly SKTypeface Typeface = Load();

    /// <summary>The font at a height in pixels; the caller disposes it.</summary>
    public static SKFont Font(float size) =>
        new(Typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };

    /// <summary>The text as it can be drawn: one line, missing characters as a box.</summary>
    public static string Drawable(SKFont font, string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => font.ContainsGlyph(rune.Value) ? rune.ToString() : Substitute.ToString()));

    private static SKTypeface Load()
    {
        using Stream stream = typeof(Lettering).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the resource {Resource} is missing");
        using SKData data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"the resource {Resource} is no font");
    }
}
