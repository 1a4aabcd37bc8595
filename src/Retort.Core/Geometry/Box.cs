namespace Retort.Core.Geometry;

/// <summary>
/// An axis-aligned box in pixels. The corner (<paramref name="X2"/>, <paramref name="Y2"/>) is exclusive, as x + w and y + h are in COCO
/// files: the width is X2 - X1.
/// </summary>
/// <param name="X1">Left edge, pixels.</param>
/// <param name="Y1">Top edge, pixels.</param>
/// <param name="X2">Right edge, pixels, exclusive.</param>
/// <param name="Y2">Bottom edge, pixels, exclusive.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>X2 - X1, pixels; negative for an inverted box.</summary>
    public float Width => X2 - X1;

    /// <summary>Y2 - Y1, pixels; negative for an inverted box.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Width times height, square pixels; zero for an empty or inverted box.</summary>
    public float Area => IsEmpty ? 0f : Width * Height;

    /// <summary>True where the width or the height is not positive (or not a number).</summary>
    public bool IsEmpty => !(Width > 0f && Height > 0f);

    /// <summary>The box clipped to an image of the given size in pixels; may be empty.</summary>
    public Box Clip(float width, float height) => new(
        Math.Clamp(X1, 0f, width),
        Math.Clamp(Y1, 0f, height),
        Math.Clamp(X2, 0f, width),
        Math.Clamp(Y2, 0f, height));
}
