using Retort.Vision.Imaging;

namespace Retort.Vision.Drawing;

/// <summary>A heat map: from black through red and yellow to white at the largest value.</summary>
public static class HeatMap
{
    /// <summary>Draws a map with a square of pixels for each value.</summary>
    /// <param name="values">Height x width values, row by row.</param>
    /// <param name="width">Values in a row, 1 or more.</param>
    /// <param name="largest">The value that is white, above 0; larger ones are white too. NaN is black.</param>
    /// <param name="side">Pixels of a value's side, 1 or more.</param>
    /// <returns>The image; the caller disposes it.</returns>
    public static Image Draw(ReadOnlySpan<float> values, int width, float largest, int side)
    {
        int height = values.Length / width;
        var image = new Image(width * side, height * side);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < image.Width; x++)
            {
                Colour(values[(y / side * width) + (x / side)] / largest).CopyTo(row[(x * Image.Channels)..]);
            }
        }

        return image;
    }

    // Red rises in the first third, green in the second, blue in the last, as in the colours of heated iron.
    private static ReadOnlySpan<byte> Colour(float share)
    {
        float heat = float.IsNaN(share) ? 0 : 3 * Math.Clamp(share, 0, 1);
        byte Part(float from) => (byte)((255 * Math.Clamp(heat - from, 0, 1)) + 0.5f);
        return new[] { Part(2), Part(1), Part(0) };
    }
}
