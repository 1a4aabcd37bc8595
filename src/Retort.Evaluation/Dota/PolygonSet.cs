using Retort.Core.Geometry;

namespace Retort.Evaluation.Dota;

/// <summary>Quadrilaterals made ready for measuring: no sides cross, and it is known which are convex and where they lie.</summary>
internal sealed class PolygonSet
{
    private const int Length = 8;

    private readonly double[] _corners;
    private readonly bool[] _convex;
    private readonly (double Left, double Top, double Right, double Bottom)[] _extents;

    /// <summary>Takes [N, 8] corners; the array is not changed.</summary>
    public PolygonSet(ReadOnlySpan<double> polygons)
    {
        _corners = polygons.ToArray();
        _convex = new bool[polygons.Length / Length];
        _extents = new (double, double, double, double)[_convex.Length];
        for (int i = 0; i < _convex.Length; i++)
        {
            Span<double> corners = _corners.AsSpan(Length * i, Length);
            Uncross(corners);
            _convex[i] = IsConvex(corners);
            _extents[i] = (
                Math.Min(Math.Min(corners[0], corners[2]), Math.Min(corners[4], corners[6])),
                Math.Min(Math.Min(corners[1], corners[3]), Math.Min(corners[5], corners[7])),
                Math.Max(Math.Max(corners[0], corners[2]), Math.Max(corners[4], corners[6])),
                Math.Max(Math.Max(corners[1], corners[3]), Math.Max(corners[5], corners[7])));
        }
    }

    private ReadOnlySpan<double> this[int index] => _corners.AsSpan(Length * index, Length);

    /// <summary>The least and the greatest x of a polygon.</summary>
    public (double Left, double Right) Sides(int index) => (_extents[index].Left, _extents[index].Right);

    /// <summary>Intersection over union of one polygon with one of another set, 0 to 1.</summary>
    public double Overlap(int index, PolygonSet others, int other)
    {
        (double left, double top, double right, double bottom) = _extents[index];
        (double otherLeft, double otherTop, double otherRight, double otherBottom) = others._extents[other];
        if (!(left < otherRight && otherLeft < right && top < otherBottom && otherTop < bottom))
        {
            return 0;
        }

        ReadOnlySpan<double> a = this[index];
        ReadOnlySpan<double> b = others[other];
        double shared = others._convex[other] ? ConvexPolygons.IntersectionArea(a, b)
            : _convex[index] ? ConvexPolygons.IntersectionArea(b, a)
            : OfHalves(a, b);
        double union = Math.Abs(ConvexPolygons.SignedArea(a)) + Math.Abs(ConvexPolygons.SignedArea(b)) - shared;
        return shared > 0 && union > 0 ? Math.Min(shared / union, 1) : 0;
    }

    // The second polygon is cut at the diagonal that lies within it: the one that leaves two triangles of the same direction.
    private static double OfHalves(ReadOnlySpan<double> polygon, ReadOnlySpan<double> cut)
    {
        int start = ConvexPolygons.SignedArea([cut[0], cut[1], cut[2], cut[3], cut[4], cut[5]])
            * ConvexPolygons.SignedArea([cut[4], cut[5], cut[6], cut[7], cut[0], cut[1]]) < 0 ? 2 : 0;
        return Half(polygon, cut, start) + Half(polygon, cut, start + 4);
    }

    // The triangle of a corner and the two after it, as a quadrilateral whose last corner is there twice.
    private static double Half(ReadOnlySpan<double> polygon, ReadOnlySpan<double> cut, int start)
    {
        Span<double> triangle = stackalloc double[Length];
        for (int k = 0; k < Length; k++)
        {
            triangle[k] = cut[(start + (k < 6 ? k : k - 2)) % Length];
        }

        return ConvexPolygons.IntersectionArea(polygon, triangle);
    }

    private static void Uncross(Span<double> p)
    {
        int swapped = 2 * CrossedSides.SwappedCorner(p);
        if (swapped > 0)
        {
            (p[swapped], p[swapped + 2]) = (p[swapped + 2], p[swapped]);
            (p[swapped + 1], p[swapped + 3]) = (p[swapped + 3], p[swapped + 1]);
        }
    }

    private static bool IsConvex(ReadOnlySpan<double> p)
    {
        (bool left, bool right) = (false, false);
        for (int k = 0; k < Length; k += 2)
        {
            double turn = CrossedSides.Turn(p.Slice(k, 2), p.Slice((k + 2) % Length, 2), p.Slice((k + 4) % Length, 2));
            (left, right) = (left || turn < 0, right || turn > 0);
        }

        return !(left && right);
    }
}
