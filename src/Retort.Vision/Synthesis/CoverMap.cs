using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Synthesis;

/// <summary>
/// How much of each pixel an object covers and how much of that can still be seen; the window may reach out of the picture.
/// </summary>
internal sealed class CoverMap
{
    private readonly float[] _visible;
    private float _drawn;

    /// <summary>An empty map around <paramref name="bounds"/> with a margin in pixels.</summary>
    public CoverMap(Box bounds, float margin)
    {
        Left = (int)MathF.Floor(bounds.X1 - margin);
        Top = (int)MathF.Floor(bounds.Y1 - margin);
        Right = (int)MathF.Ceiling(bounds.X2 + margin);
        Bottom = (int)MathF.Ceiling(bounds.Y2 + margin);
        _visible = new float[(Right - Left) * (Bottom - Top)];
    }

    /// <summary>First column of the window.</summary>
    public int Left { get; }

    /// <summary>First row of the window.</summary>
    public int Top { get; }

    /// <summary>Column after the last.</summary>
    public int Right { get; }

    /// <summary>Row after the last.</summary>
    public int Bottom { get; }

    /// <summary>Sets the cover of a pixel of the window, once, 0 to 1.</summary>
    public void Set(int x, int y, float cover)
    {
        _visible[Index(x, y)] = cover;
        _drawn += cover;
    }

    /// <summary>Takes away what <paramref name="above"/> covers.</summary>
    public void Hide(CoverMap above)
    {
        for (int y = Math.Max(Top, above.Top); y < Math.Min(Bottom, above.Bottom); y++)
        {
            for (int x = Math.Max(Left, above.Left); x < Math.Min(Right, above.Right); x++)
            {
                _visible[Index(x, y)] *= 1f - above._visible[above.Index(x, y)];
            }
        }
    }

    /// <summary>The share of the whole object that can be seen in a picture of the given size.</summary>
    public float VisibleShare(int width, int height)
    {
        float seen = 0f;
        for (int y = Math.Max(Top, 0); y < Math.Min(Bottom, height); y++)
        {
            for (int x = Math.Max(Left, 0); x < Math.Min(Right, width); x++)
            {
                seen += _visible[Index(x, y)];
            }
        }

        return _drawn > 0f ? seen / _drawn : 0f;
    }

    private int Index(int x, int y) => ((y - Top) * (Right - Left)) + x - Left;
}
