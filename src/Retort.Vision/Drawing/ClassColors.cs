using SkiaSharp;

namespace Retort.Vision.Drawing;

/// <summary>Distinct colours for classes: twelve chosen by hand, then hues a golden angle apart.</summary>
internal static class ClassColors
{
    private const float GoldenAngle = 137.508f;

    private static readonly SKColor[] Chosen =
    [
        new(0xFF, 0x4B, 0x4B), new(0x2E, 0xC4, 0xFF), new(0xFF, 0xC8, 0x1E), new(0x4C, 0xD9, 0x64),
        new(0xC7, 0x6B, 0xFF), new(0xFF, 0x8A, 0x1F), new(0x1F, 0xE0, 0xC4), new(0xFF, 0x6F, 0xB5),
        new(0xA8, 0xE0, 0x22), new(0x5B, 0x7C, 0xFF), new(0xD9, 0xA0, 0x66), new(0xE8, 0xE8, 0xE8),
    ];

    /// <summary>The colour of a class, 0-based.</summary>
    public static SKColor Of(int label) => label >= 0 && label < Chosen.Length
        ? Chosen[label]
        : SKColor.FromHsl(GoldenAngle * (uint)label % 360f, 70 + ((uint)label % 3 * 15), 58 + ((uint)label % 2 * 10));

    /// <summary>Black or white, whichever can be read on <paramref name="ground"/>.</summary>
    public static SKColor TextOn(SKColor ground) =>
        (0.299f * ground.Red) + (0.587f * ground.Green) + (0.114f * ground.Blue) > 140f ? SKColors.Black : SKColors.White;
}
