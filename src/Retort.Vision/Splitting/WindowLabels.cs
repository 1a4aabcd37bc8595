using Retort.Core.Geometry;
using Retort.Vision.Datasets;

namespace Retort.Vision.Splitting;

/// <summary>Which objects of an image belong to a window.</summary>
internal static class WindowLabels
{
    private const int CutDifficulty = 2;
    private const double LeastArea = 1e-6;

    /// <summary>
    /// The part of an object's area that lies in a window, the area rounded to single precision as in the authors' tool: up to 1 or a
    /// trifle more.
    /// </summary>
    /// <param name="polygon">Eight coordinates; where two sides cross, the hull is measured.</param>
    /// <param name="window">The window.</param>
    public static double Share(ReadOnlySpan<float> polygon, SplitWindow window)
    {
        Quadrilateral shape = Of(polygon);
        Quadrilateral square = new(window.X, window.Y, window.Right, window.Y, window.Right, window.Bottom, window.X, window.Bottom);
        return shape.IntersectionArea(square) / Math.Max((float)shape.Area, LeastArea);
    }

    /// <summary>The objects of a window; their coordinates are moved to it and not clipped.</summary>
    public static List<DotaObject> Select(IEnumerable<DotaObject> objects, SplitWindow window, SplitOptions options)
    {
        List<DotaObject> selected = [];
        foreach (DotaObject item in objects)
        {
            float[] polygon = [.. item.Polygon.Select(v => (float)v)];
            double share = Share(polygon, window);
            if (share >= options.ObjectShare)
            {
                bool cut = options.Truncation == TruncationRule.Reference ? share < 1 : !Contains(window, polygon);
                double[] moved = [.. polygon.Select((value, i) => (double)(float)(value - (i % 2 == 0 ? window.X : window.Y)))];
                selected.Add(item with { Polygon = moved, Difficulty = cut ? CutDifficulty : item.Difficulty });
            }
        }

        return selected;
    }

    private static bool Contains(SplitWindow window, float[] polygon) => polygon.Select((value, i) => i % 2 == 0
        ? value >= window.X && value <= window.Right
        : value >= window.Y && value <= window.Bottom).All(inside => inside);

    private static Quadrilateral Of(ReadOnlySpan<float> p) => new Quadrilateral(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]).Uncrossed();
}
