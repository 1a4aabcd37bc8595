using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Retort.Core.Geometry;

/// <summary>
/// Four corners in turn, pixels: how DOTA files and results describe objects. Memory: eight doubles, x and y of each corner.
/// </summary>
/// <param name="X1">First corner.</param>
/// <param name="Y1">First corner.</param>
/// <param name="X2">Second corner.</param>
/// <param name="Y2">Second corner.</param>
/// <param name="X3">Third corner.</param>
/// <param name="Y3">Third corner.</param>
/// <param name="X4">Fourth corner.</param>
/// <param name="Y4">Fourth corner.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Quadrilateral(double X1, double Y1, double X2, double Y2, double X3, double Y3, double X4, double Y4)
{
    /// <summary>Square pixels.</summary>
    public double Area => Math.Abs(ConvexPolygons.SignedArea(Numbers));

    /// <summary>Whether every number is finite.</summary>
    public bool IsFinite => double.IsFinite(X1 + Y1 + X2 + Y2 + X3 + Y3 + X4 + Y4);

    /// <summary>Whether two opposite sides cross each other.</summary>
    public bool IsSelfCrossing => CrossedSides.SwappedCorner(Numbers) > 0;

    /// <summary>The smallest axis-aligned box around it.</summary>
    public Box Enclosing => new(
        (float)Math.Min(Math.Min(X1, X2), Math.Min(X3, X4)),
        (float)Math.Min(Math.Min(Y1, Y2), Math.Min(Y3, Y4)),
        (float)Math.Max(Math.Max(X1, X2), Math.Max(X3, X4)),
        (float)Math.Max(Math.Max(Y1, Y2), Math.Max(Y3, Y4)));

    [UnscopedRef]
    private ReadOnlySpan<double> Numbers =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Quadrilateral, double>(ref Unsafe.AsRef(in this)), 8);

    /// <summary>Wraps eight numbers.</summary>
    /// <exception cref="ArgumentException">There are not eight.</exception>
    public static Quadrilateral From(ReadOnlySpan<double> numbers) => numbers.Length == 8
        ? MemoryMarshal.Read<Quadrilateral>(MemoryMarshal.AsBytes(numbers))
        : throw new ArgumentException($"four corners have eight numbers, not {numbers.Length}");

    /// <summary>The eight numbers: x and y of each corner.</summary>
    public double[] ToArray() => Numbers.ToArray();

    /// <summary>The same shape at another place.</summary>
    public Quadrilateral Moved(double x, double y) => new(X1 + x, Y1 + y, X2 + x, Y2 + y, X3 + x, Y3 + y, X4 + x, Y4 + y);

    /// <summary>Area that this simple quadrilateral shares with a convex one, square pixels.</summary>
    public double IntersectionArea(in Quadrilateral convex) => ConvexPolygons.IntersectionArea(Numbers, convex.Numbers);

    /// <summary>Intersection over union of this simple quadrilateral with a convex one, 0 to 1.</summary>
    public double Overlap(in Quadrilateral convex) => ConvexPolygons.IntersectionOverUnion(Numbers, convex.Numbers);

    /// <summary>
    /// The same corners beginning with the one that stands nearest to the top left: of the four beginnings, the one with the least sum of
    /// distances to the corners of the enclosing box. DOTA's result files are written so.
    /// </summary>
    public Quadrilateral BeginningTopLeft()
    {
        Quadrilateral best = this, turned = this;
        double least = DistanceToEnclosing();
        for (int k = 0; k < 3; k++)
        {
            turned = new Quadrilateral(turned.X2, turned.Y2, turned.X3, turned.Y3, turned.X4, turned.Y4, turned.X1, turned.Y1);
            double distance = turned.DistanceToEnclosing();
            if (distance < least)
            {
                (best, least) = (turned, distance);
            }
        }

        return best;
    }

    /// <summary>The same corners in an order in which no two sides cross: those of a crossed shape are the corners of its hull.</summary>
    public Quadrilateral Uncrossed() => CrossedSides.SwappedCorner(Numbers) switch
    {
        1 => new(X1, Y1, X3, Y3, X2, Y2, X4, Y4),
        2 => new(X1, Y1, X2, Y2, X4, Y4, X3, Y3),
        _ => this,
    };

    /// <summary>
    /// The rectangle that stands for this shape in training. Oc and Le90: that of the smallest area around it. Le135, as published: centre
    /// in the middle of the first and third corner, sides and angle of the first two edges.
    /// </summary>
    public RotatedBox ToRotatedBox(AngleConvention convention) =>
        (convention == AngleConvention.Le135 ? FromEdges() : MinimumAreaRectangle.Around(Numbers)).In(convention);

    private RotatedBox FromEdges()
    {
        double first = double.Hypot(X1 - X2, Y1 - Y2), second = double.Hypot(X2 - X3, Y2 - Y3);
        double angle = first > second ? Math.Atan2(Y2 - Y1, X2 - X1) : Math.Atan2(Y4 - Y1, X4 - X1);
        return new RotatedBox((float)((X1 + X3) / 2), (float)((Y1 + Y3) / 2), (float)Math.Max(first, second),
            (float)Math.Min(first, second), (float)angle);
    }

    private double DistanceToEnclosing()
    {
        (double left, double right) = (Math.Min(Math.Min(X1, X2), Math.Min(X3, X4)), Math.Max(Math.Max(X1, X2), Math.Max(X3, X4)));
        (double top, double bottom) = (Math.Min(Math.Min(Y1, Y2), Math.Min(Y3, Y4)), Math.Max(Math.Max(Y1, Y2), Math.Max(Y3, Y4)));
        return double.Hypot(X1 - left, Y1 - top) + double.Hypot(X2 - right, Y2 - top) + double.Hypot(X3 - right, Y3 - bottom)
            + double.Hypot(X4 - left, Y4 - bottom);
    }
}
