using System.Numerics;
using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Synthesis;

/// <summary>
/// An outline placed in the picture: an ellipse, or a polygon where corners are given. Its signed distance, in pixels and negative inside,
/// is what all drawing starts from: it makes soft edges of any width, and the true box is known from the outline however blurred the edge
/// is.
/// </summary>
internal sealed class Shape
{
    private readonly Vector2 _centre;
    private readonly Vector2 _radii;
    private readonly Vector2 _axis;
    private readonly Vector2[] _corners;

    private Shape(Vector2 centre, Vector2 radii, Vector2 axis, Vector2[] corners)
    {
        (_centre, _radii, _axis, _corners) = (centre, radii, axis, corners);
        Bounds = _corners.Length == 0 ? EllipseBounds() : PolygonBounds();
    }

    /// <summary>The smallest box around the outline, pixels, not clipped.</summary>
    public Box Bounds { get; }

    /// <summary>The smallest box around the outline whose width lies along the outline's own first axis, pixels, not clipped.</summary>
    public RotatedBox Oriented
    {
        get
        {
            Vector2[] local = _corners.Length == 0 ? [-_radii, _radii]
                : [.. _corners.Select(c => Turn(c - _centre, new Vector2(_axis.X, -_axis.Y)))];
            (Vector2 low, Vector2 high) = (local.Aggregate(Vector2.Min), local.Aggregate(Vector2.Max));
            Vector2 middle = _centre + Turn((low + high) / 2, _axis);
            return new RotatedBox(middle.X, middle.Y, high.X - low.X, high.Y - low.Y, MathF.Atan2(_axis.Y, _axis.X));
        }
    }

    /// <summary>An ellipse with the given half axes, turned by <paramref name="angle"/> radians.</summary>
    public static Shape Ellipse(Vector2 centre, Vector2 radii, float angle) => new(centre, radii, Axis(angle), []);

    /// <summary>A polygon; <paramref name="corners"/> are in units of <paramref name="radii"/> about the centre.</summary>
    public static Shape Polygon(Vector2 centre, Vector2 radii, float angle, Vector2[] corners) =>
        new(centre, radii, Axis(angle), [.. corners.Select(c => centre + Turn(c * radii, Axis(angle)))]);

    /// <summary>The same outline elsewhere.</summary>
    public Shape Moved(Vector2 by) => new(_centre + by, _radii, _axis, [.. _corners.Select(c => c + by)]);

    /// <summary>
    /// The corners of a star with <paramref name="points"/> points; with an inner radius of cos(pi/points) it is a regular polygon.
    /// </summary>
    public static Vector2[] StarCorners(int points, float innerRadius) =>
        [.. Enumerable.Range(0, 2 * points).Select(i =>
        {
            float angle = (MathF.PI * i / points) - (MathF.PI / 2);
            return new Vector2(MathF.Cos(angle), MathF.Sin(angle)) * (i % 2 == 0 ? 1f : innerRadius);
        })];

    /// <summary>The corners of a regular polygon.</summary>
    public static Vector2[] RegularCorners(int corners) =>
        [.. Enumerable.Range(0, corners).Select(i => (2 * MathF.PI * i / corners) - (MathF.PI / 2))
            .Select(a => new Vector2(MathF.Cos(a), MathF.Sin(a)))];

    /// <summary>Distance of a point to the outline, pixels; negative inside. Near the outline of an ellipse to first order.</summary>
    public float Distance(Vector2 point) => _corners.Length == 0 ? EllipseDistance(point) : PolygonDistance(point);

    private float EllipseDistance(Vector2 point)
    {
        Vector2 local = Turn(point - _centre, new Vector2(_axis.X, -_axis.Y));
        float k0 = (local / _radii).Length();
        float k1 = (local / (_radii * _radii)).Length();
        return k1 > 1e-6f ? k0 * (k0 - 1f) / k1 : -MathF.Min(_radii.X, _radii.Y);
    }

    private float PolygonDistance(Vector2 point)
    {
        float nearest = float.MaxValue;
        bool inside = false;
        Vector2 from = _corners[^1];
        foreach (Vector2 to in _corners)
        {
            Vector2 edge = to - from;
            Vector2 offset = point - from;
            float along = Math.Clamp(Vector2.Dot(offset, edge) / edge.LengthSquared(), 0f, 1f);
            nearest = MathF.Min(nearest, (offset - (edge * along)).LengthSquared());

            // Even-odd rule: a ray to the right crosses the edge.
            if (from.Y > point.Y != to.Y > point.Y && offset.X < edge.X * offset.Y / edge.Y)
            {
                inside = !inside;
            }

            from = to;
        }

        return inside ? -MathF.Sqrt(nearest) : MathF.Sqrt(nearest);
    }

    private Box EllipseBounds()
    {
        Vector2 half = new(
            new Vector2(_radii.X * _axis.X, _radii.Y * _axis.Y).Length(),
            new Vector2(_radii.X * _axis.Y, _radii.Y * _axis.X).Length());
        return new Box(_centre.X - half.X, _centre.Y - half.Y, _centre.X + half.X, _centre.Y + half.Y);
    }

    private Box PolygonBounds()
    {
        Vector2 low = _corners.Aggregate(Vector2.Min);
        Vector2 high = _corners.Aggregate(Vector2.Max);
        return new Box(low.X, low.Y, high.X, high.Y);
    }

    private static Vector2 Axis(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));

    private static Vector2 Turn(Vector2 v, Vector2 axis) => new((v.X * axis.X) - (v.Y * axis.Y), (v.X * axis.Y) + (v.Y * axis.X));
}
