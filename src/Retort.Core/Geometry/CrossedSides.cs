namespace Retort.Core.Geometry;

/// <summary>
/// Quadrilaterals whose corners stand in an order in which two sides cross: the sides that do are the diagonals of the hull, and two
/// corners change places. One source, compiled into the libraries that take such shapes for their hulls.
/// </summary>
public static class CrossedSides
{
    /// <summary>The corner, 1 or 2, that changes places with the next one so that no sides cross; 0 where none do.</summary>
    /// <param name="p">Eight numbers: x and y of four corners.</param>
    public static int SwappedCorner(ReadOnlySpan<double> p) =>
        Cross(p[..2], p[2..4], p[4..6], p[6..]) ? 1 : Cross(p[2..4], p[4..6], p[6..], p[..2]) ? 2 : 0;

    /// <summary>Twice the area of the triangle a, b, c: its sign says on which side of the line from a to b the third lies.</summary>
    public static double Turn(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c) =>
        ((b[0] - a[0]) * (c[1] - a[1])) - ((b[1] - a[1]) * (c[0] - a[0]));

    private static bool Cross(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c, ReadOnlySpan<double> d) =>
        AreOpposite(Turn(a, b, c), Turn(a, b, d)) && AreOpposite(Turn(c, d, a), Turn(c, d, b));

    // By their signs: the product of small areas would vanish.
    private static bool AreOpposite(double one, double other) => (one < 0 && other > 0) || (one > 0 && other < 0);
}
