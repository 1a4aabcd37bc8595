namespace Retort.Vision.Transforms;

/// <summary>The box that a keep-ratio rescale fits an image into, whichever way the image is turned.</summary>
/// <param name="LongEdge">The most pixels of the longer side.</param>
/// <param name="ShortEdge">The most pixels of the shorter side.</param>
public readonly record struct ImageScale(int LongEdge, int ShortEdge)
{
    /// <summary>The scale of a size, whichever way it is turned.</summary>
    /// <param name="size">The size.</param>
    public static ImageScale Of(ImageSize size) => new(Math.Max(size.Width, size.Height), Math.Min(size.Width, size.Height));

    /// <summary>The scale as people write it, such as 1333x800.</summary>
    public override string ToString() => $"{LongEdge}x{ShortEdge}";

    /// <summary>
    /// The largest size of the same aspect ratio that fits, each side rounded half up: the factor is
    /// min(long / longer side, short / shorter side), in double precision.
    /// </summary>
    public ImageSize Fit(ImageSize original)
    {
        (double longest, double shortest) = (Math.Max(LongEdge, ShortEdge), Math.Min(LongEdge, ShortEdge));
        double factor = Math.Min(
            longest / Math.Max(original.Width, original.Height),
            shortest / Math.Min(original.Width, original.Height));
        return new ImageSize(Round(original.Width * factor), Round(original.Height * factor));
    }

    // A strip of extreme aspect ratio would round to nothing.
    private static int Round(double size) => Math.Max(1, (int)(size + 0.5));
}
