namespace Retort.Vision.Splitting;

/// <summary>A square part of a large image.</summary>
/// <param name="X">Left edge, pixels of the image, 0 or more.</param>
/// <param name="Y">Top edge, pixels of the image, 0 or more.</param>
/// <param name="Size">Side in pixels; right and lower edge may lie beyond the image.</param>
public readonly record struct SplitWindow(int X, int Y, int Size)
{
    /// <summary>First column to the right of it.</summary>
    public int Right => X + Size;

    /// <summary>First row below it.</summary>
    public int Bottom => Y + Size;

    /// <summary>The name of the part's files, without extension: <c>id__size__x___y</c>, as DOTA's tools have it.</summary>
    public string NameOf(string imageName) => $"{imageName}__{Size}__{X}___{Y}";
}
