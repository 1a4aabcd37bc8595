namespace Retort.Core.Geometry;

/// <summary>
/// The smallest rectangle around points. One of its sides lies on a side of their convex hull (Freeman and Shapira 1975). Two sides that
/// meet often give rectangles of exactly the same area; which of them is taken follows, as in OpenCV, from single precision and from the
/// order in which a rectangle that is turned from the axes' directions comes to lie on them, the last of equal ones.
/// </summary>
public static class MinimumAreaRectangle
{
    /// <summary>The rectangle around some points, at least one.</summary>
    /// <param name="points">x and y of each point in turn.</param>
    public static RotatedBox Around(ReadOnlySpan<double> points)
    {
        var corners = new (float X, float Y)[points.Length / 2];
        for (int k = 0; k < corners.Length; k++)
        {
            corners[k] = ((float)points[2 * k], (float)points[(2 * k) + 1]);
        }

        (float X, float Y)[] hull = Hull(corners);
        Side[] sides = [.. Enumerable.Range(0, hull.Length).Select(k => new Side(hull, k)).OrderBy(side => side.Turn)];
        Side best = sides[0];
        foreach (Side side in sides)
        {
            best = side.Area <= best.Area ? side : best;
        }

        return best.Rectangle();
    }

    // The convex hull, turning from x towards y (Andrew's monotone chain); a single point stays one.
    private static (float X, float Y)[] Hull((float X, float Y)[] points)
    {
        (float X, float Y)[] sorted = [.. points.Distinct().Order()];
        return sorted.Length < 2 ? sorted : [.. Chain(sorted), .. Chain([.. sorted.Reverse()])];
    }

    // One half of the hull without its last point.
    private static List<(float X, float Y)> Chain((float X, float Y)[] sorted)
    {
        var chain = new List<(float X, float Y)>();
        foreach ((float X, float Y) point in sorted)
        {
            while (chain.Count > 1 && Turn(chain[^2], chain[^1], point) <= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(point);
        }

        return chain[..^1];
    }

    private static double Turn((float X, float Y) a, (float X, float Y) b, (float X, float Y) c) =>
        (((double)b.X - a.X) * ((double)c.Y - a.Y)) - (((double)b.Y - a.Y) * ((double)c.X - a.X));

    // The rectangle that has one side on a side of the hull.
    private sealed class Side
    {
        private readonly (float X, float Y)[] _hull;
        private readonly float _x;
        private readonly float _y;

        public Side((float X, float Y)[] hull, int index)
        {
            _hull = hull;
            (float X, float Y) from = hull[index], to = hull[(index + 1) % hull.Length];
            (float dx, float dy) = (to.X - from.X, to.Y - from.Y);
            float inverse = (float)(1 / Math.Sqrt(((double)dx * dx) + ((double)dy * dy)));
            (_x, _y) = float.IsFinite(inverse) ? (dx * inverse, dy * inverse) : (1, 0);
            double angle = Math.Atan2(_y, _x);
            Turn = angle - (Math.Floor(angle / (Math.PI / 2)) * (Math.PI / 2));

            (float X, float Y) first = hull.MinBy(Along), last = hull.MaxBy(Along), far = hull.MaxBy(Across);
            float width = ((last.X - first.X) * _x) + ((last.Y - first.Y) * _y);
            float height = ((far.Y - to.Y) * _x) - ((far.X - to.X) * _y);
            Area = width * height;
        }

        // From the axes to the side, radians in [0, pi/2).
        public double Turn { get; }

        public float Area { get; }

        public RotatedBox Rectangle()
        {
            (double low, double high) = (_hull.Min(Along), _hull.Max(Along));
            (double near, double far) = (_hull.Min(Across), _hull.Max(Across));
            (double along, double across) = ((low + high) / 2, (near + far) / 2);
            return new RotatedBox(
                (float)(_hull[0].X + (along * _x) - (across * _y)),
                (float)(_hull[0].Y + (along * _y) + (across * _x)),
                (float)(high - low),
                (float)(far - near),
                (float)Math.Atan2(_y, _x));
        }

        // Relative to the first corner: large coordinates would cost digits.
        private double Along((float X, float Y) point) => (((double)point.X - _hull[0].X) * _x) + (((double)point.Y - _hull[0].Y) * _y);

        private double Across((float X, float Y) point) => (((double)point.Y - _hull[0].Y) * _x) - (((double)point.X - _hull[0].X) * _y);
    }
}
