namespace Retort.Vision.Drawing;

/// <summary>How boxes are drawn.</summary>
public sealed record DrawOptions
{
    /// <summary>
    /// Factor by which the image is enlarged before drawing, 1 to 16, so that text is legible on small images;
    /// 0: chosen by <see cref="ScaleFor"/>. Default 0.
    /// </summary>
    public int Scale { get; init; }

    /// <summary>Height of the text in pixels of the result; 0 for one that suits the image's size. Default 0.</summary>
    public float FontSize { get; init; }

    /// <summary>Whether the class and the score are written beside the boxes. Default: yes.</summary>
    public bool ShowLabels { get; init; } = true;

    /// <summary>The enlargement that brings the shorter side to about 360 pixels or more, at most 4.</summary>
    public static int ScaleFor(int width, int height) => Math.Clamp((int)Math.Ceiling(360.0 / Math.Min(width, height)), 1, 4);
}
