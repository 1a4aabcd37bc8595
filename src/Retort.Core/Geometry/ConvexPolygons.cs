namespace Retort.Core.Geometry;

/// <summary>
/// Areas of polygons and of their intersections, exactly and without allocation. A polygon is a span of x, y of its corners in turn, in
/// either direction.
/// </summary>
public static class ConvexPolygons
{
    // A half-plane leaves at most half as many corners again, so four of them leave a quadrilateral, convex or not, with 19 at most.
    private const int MaximumCorners = 20;

    /// <summary>Area, in squares of the unit; negative where the corners run against the clock (x to the right, y down).</summary>
    public static double SignedArea(ReadOnlySpan<double> polygon)
    {
        double twice = 0;
        for (int k = 0, last = polygon.Length - 2; k < polygon.Length; last = k, k += 2)
        {
            // Relative to the first corner: large coordinates would cost digits.
            twice += ((polygon[last] - polygon[0]) * (polygon[k + 1] - polygon[1]))
                - ((polygon[k] - polygon[0]) * (polygon[last + 1] - polygon[1]));
        }

        return twice / 2;
    }

    /// <summary>Area of what two quadrilaterals share (Sutherland and Hodgman 1974, reentrant polygon clipping).</summary>
    /// <param name="subject">Eight numbers; a simple quadrilateral.</param>
    /// <param name="clip">Eight numbers; a convex quadrilateral.</param>
    public static double IntersectionArea(ReadOnlySpan<double> subject, ReadOnlySpan<double> clip)
    {
        if (Apart(subject, clip))
        {
            return 0;
        }

        Span<double> current = stackalloc double[2 * MaximumCorners];
        Span<double> next = stackalloc double[2 * MaximumCorners];
        subject.CopyTo(current);
        int length = subject.Length;
        double direction = SignedArea(clip) < 0 ? -1 : 1;
        for (int k = 0, last = clip.Length - 2; k < clip.Length && length > 0; last = k, k += 2)
        {
            length = Cut(current[..length], next, clip.Slice(last, 2), clip.Slice(k, 2), direction);
            Span<double> cut = next;
            next = current;
            current = cut;
        }

        return Math.Abs(SignedArea(current[..length]));
    }

    /// <summary>Intersection over union of two quadrilaterals, 0 to 1; 0 where they have no area.</summary>
    /// <param name="subject">Eight numbers; a simple quadrilateral.</param>
    /// <param name="clip">Eight numbers; a convex quadrilateral.</param>
    public static double IntersectionOverUnion(ReadOnlySpan<double> subject, ReadOnlySpan<double> clip)
    {
        double shared = IntersectionArea(subject, clip);
        return shared > 0 ? Math.Min(shared / (Math.Abs(SignedArea(subject)) + Math.Abs(SignedArea(clip)) - shared), 1) : 0;
    }

    // Keeps the part on the inner side of the line from one corner of the clip to the next.
    private static int Cut(ReadOnlySpan<double> polygon, Span<double> result, ReadOnlySpan<double> from, ReadOnlySpan<double> to,
        double direction)
    {
        if (polygon.Length == 0)
        {
            return 0;
        }

        (double ex, double ey) = (direction * (to[0] - from[0]), direction * (to[1] - from[1]));
        int count = 0;
        (double px, double py) = (polygon[^2], polygon[^1]);
        double before = (ex * (py - from[1])) - (ey * (px - from[0]));
        for (int k = 0; k < polygon.Length; k += 2)
        {
            (double x, double y) = (polygon[k], polygon[k + 1]);
            double now = (ex * (y - from[1])) - (ey * (x - from[0]));
            if ((before < 0 && now > 0) || (before > 0 && now < 0))
            {
                double share = before / (before - now);
                (result[count], result[count + 1]) = (px + (share * (x - px)), py + (share * (y - py)));
                count += 2;
            }

            if (now >= 0)
            {
                (result[count], result[count + 1]) = (x, y);
                count += 2;
            }

            (px, py, before) = (x, y, now);
        }

        return count;
    }

    private static bool Apart(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Apart(a, b, 0) || Apart(a, b, 1);

    // Whether the extents along one axis do not meet.
    private static bool Apart(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int axis)
    {
        double lowA = Math.Min(Math.Min(a[axis], a[axis + 2]), Math.Min(a[axis + 4], a[axis + 6]));
        double highA = Math.Max(Math.Max(a[axis], a[axis + 2]), Math.Max(a[axis + 4], a[axis + 6]));
        double lowB = Math.Min(Math.Min(b[axis], b[axis + 2]), Math.Min(b[axis + 4], b[axis + 6]));
        double highB = Math.Max(Math.Max(b[axis], b[axis + 2]), Math.Max(b[axis + 4], b[axis + 6]));
        return !(lowA < highB && lowB < highA);
    }
}
