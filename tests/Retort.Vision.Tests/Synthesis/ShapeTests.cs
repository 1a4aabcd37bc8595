using System.Numerics;
using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Synthesis;

namespace Retort.Vision.Tests.Synthesis;

public sealed class ShapeTests
{
    private static readonly Gen<Shape> Shapes = Gen.Select(
        Gen.Float[20, 80], Gen.Float[20, 80], Gen.Float[5, 15], Gen.Float[5, 15], Gen.Float[0, 6.28f], Gen.Int[0, 3],
        (x, y, a, b, angle, kind) => kind switch
        {
            0 => Shape.Ellipse(new Vector2(x, y), new Vector2(a, b), angle),
            1 => Shape.Polygon(new Vector2(x, y), new Vector2(a, b), angle, Shape.RegularCorners(4)),
            2 => Shape.Polygon(new Vector2(x, y), new Vector2(a, b), angle, Shape.RegularCorners(3)),
            _ => Shape.Polygon(new Vector2(x, y), new Vector2(a, b), angle, Shape.StarCorners(5, 0.45f)),
        });

    [Fact]
    public void The_bounds_are_the_extent_of_the_inside()
    {
        Shapes.Sample(shape =>
        {
            const float Step = 0.25f;
            Box found = new(float.MaxValue, float.MaxValue, float.MinValue, float.MinValue);
            for (float y = 0; y < 100; y += Step)
            {
                for (float x = 0; x < 100; x += Step)
                {
                    if (shape.Distance(new Vector2(x, y)) <= 0)
                    {
                        found = new Box(MathF.Min(found.X1, x), MathF.Min(found.Y1, y), MathF.Max(found.X2, x), MathF.Max(found.Y2, y));
                    }
                }
            }

            // A thin corner may slip between the sampled points.
            const float Tolerance = 1.5f;
            Assert.InRange(found.X1 - shape.Bounds.X1, -0.01f, Tolerance);
            Assert.InRange(found.Y1 - shape.Bounds.Y1, -0.01f, Tolerance);
            Assert.InRange(shape.Bounds.X2 - found.X2, -0.01f, Tolerance);
            Assert.InRange(shape.Bounds.Y2 - found.Y2, -0.01f, Tolerance);
        },
        iter: 12, threads: 1);
    }

    [Fact]
    public void A_moved_shape_has_moved_distances()
    {
        Gen.Select(Shapes, Gen.Float[-9, 9], Gen.Float[-9, 9], Gen.Float[0, 100], Gen.Float[0, 100]).Sample((shape, dx, dy, x, y) =>
            Assert.Equal(shape.Distance(new Vector2(x, y)), shape.Moved(new Vector2(dx, dy)).Distance(new Vector2(x + dx, y + dy)), 1e-3f));
    }

    [Fact]
    public void Distances_of_a_circle_and_a_square_are_exact()
    {
        Shape circle = Shape.Ellipse(new Vector2(50, 50), new Vector2(10, 10), 0.3f);
        Assert.Equal(5f, circle.Distance(new Vector2(65, 50)), 1e-3f);
        Assert.Equal(-4f, circle.Distance(new Vector2(50, 44)), 1e-3f);
        Assert.Equal(new Box(40, 40, 60, 60), circle.Bounds);
        Shape square = Shape.Polygon(new Vector2(0, 0), new Vector2(2, 2), 0, [new(-1, -1), new(1, -1), new(1, 1), new(-1, 1)]);
        Assert.Equal(-2f, square.Distance(Vector2.Zero), 1e-3f);
        Assert.Equal(5f, square.Distance(new Vector2(5, 6)), 1e-3f);
    }
}
