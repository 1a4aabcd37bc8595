using CsCheck;
using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Tests.Geometry;

/// <summary>What must hold of rotated boxes and quadrilaterals whatever their numbers.</summary>
public class RotatedBoxTests
{
    private static readonly Gen<RotatedBox> s_boxes = Gen.Select(
        Gen.Float[-50, 50], Gen.Float[-50, 50], Gen.Float[1, 60], Gen.Float[1, 60], Gen.Float[-7, 7], (x, y, w, h, a) =>
            new RotatedBox(x, y, w, h, a));

    [Fact]
    public void A_convention_keeps_the_rectangle_and_its_own_range() =>
        Gen.Select(s_boxes, Gen.Enum<AngleConvention>()).Sample((box, convention) =>
    {
        RotatedBox same = box.In(convention);
        (double low, double high) = convention switch
        {
            AngleConvention.Oc => (0, Math.PI / 2),
            AngleConvention.Le90 => (-Math.PI / 2, Math.PI / 2),
            _ => (-Math.PI / 4, 3 * Math.PI / 4),
        };
        Assert.InRange(same.Angle, low - 1e-5, high + 1e-5);
        Assert.True(convention == AngleConvention.Oc || same.Width >= same.Height);
        Assert.Equal(1, box.Corners.Overlap(same.Corners), 1e-4);
        Assert.Equal(same, same.In(convention));
    });

    [Theory]
    [InlineData(AngleConvention.Oc, 0f, 10f, 20f, 1.5707964f)]
    [InlineData(AngleConvention.Oc, 1.5707964f, 20f, 10f, 1.5707964f)]
    [InlineData(AngleConvention.Le90, 1.5707964f, 20f, 10f, -1.5707964f)]
    [InlineData(AngleConvention.Le135, 0f, 20f, 10f, 0f)]
    [InlineData(AngleConvention.Le135, -1.5707964f, 20f, 10f, 1.5707964f)]
    public void Upright_boxes_have_one_description(AngleConvention convention, float angle, float width, float height, float wanted)
    {
        RotatedBox box = new RotatedBox(5, 6, 20, 10, angle).In(convention);
        Assert.Equal((width, height), (box.Width, box.Height));
        Assert.Equal(wanted, box.Angle, 1e-6);
    }

    [Fact]
    public void Corners_give_the_box_back() => Gen.Select(s_boxes, Gen.Enum<AngleConvention>()).Sample((box, convention) =>
    {
        RotatedBox back = box.Corners.ToRotatedBox(convention);
        Assert.Equal(back, back.In(convention));
        Assert.Equal(1, box.Corners.Overlap(back.Corners), 1e-4);
    });

    [Fact]
    public void Overlaps_are_symmetric_bounded_and_do_not_depend_on_the_place() =>
        Gen.Select(s_boxes, s_boxes, Gen.Float[-3, 3], Gen.Double[-20_000, 20_000]).Sample((first, second, turn, move) =>
        {
            (Quadrilateral a, Quadrilateral b) = (first.Corners, second.Corners);
            double overlap = a.Overlap(b);
            Assert.Equal(overlap, b.Overlap(a), 1e-9);
            Assert.InRange(overlap, 0, Math.Min(a.Area, b.Area) / Math.Max(a.Area, b.Area) * (1 + 1e-9));
            Assert.Equal(1, a.Overlap(a), 1e-9);
            Assert.Equal(overlap, a.Moved(move, -move).Overlap(b.Moved(move, -move)), 1e-6);
            Assert.Equal(overlap, Turned(first, turn).Corners.Overlap(Turned(second, turn).Corners), 1e-4);
            Assert.Equal(overlap, a.Overlap(b.BeginningTopLeft()), 1e-9);
        });

    [Fact]
    public void Shared_areas_are_those_of_counted_points() => Gen.Select(s_boxes, s_boxes).Sample((a, b) =>
    {
        const int Side = 400;
        Box around = a.Enclosing;
        int both = 0;
        for (int k = 0; k < Side * Side; k++)
        {
            float x = around.X1 + (((k % Side) + 0.5f) / Side * around.Width), y = around.Y1 + (((k / Side) + 0.5f) / Side * around.Height);
            both += Contains(a, x, y) && Contains(b, x, y) ? 1 : 0;
        }

        double counted = (double)both / (Side * Side) * around.Area;
        Assert.Equal(counted, a.Corners.IntersectionArea(b.Corners), 0.01 * around.Area);
    }, iter: 40);

    [Fact]
    public void Any_direction_and_shape_of_the_subject_is_clipped_right()
    {
        var square = new Quadrilateral(0, 0, 10, 0, 10, 10, 0, 10);
        var backwards = new Quadrilateral(0, 10, 10, 10, 10, 0, 0, 0);
        var arrow = new Quadrilateral(0, 0, 20, 10, 0, 20, 10, 10);
        Assert.Equal(100, square.IntersectionArea(backwards), 1e-12);
        Assert.Equal(100, backwards.IntersectionArea(square), 1e-12);
        Assert.Equal(25, arrow.IntersectionArea(square), 1e-12);
        Assert.Equal(0, square.IntersectionArea(square.Moved(10, 0)));
    }

    [Fact]
    public void Crossing_sides_are_seen()
    {
        Assert.True(new Quadrilateral(0, 0, 10, 10, 10, 0, 0, 10).IsSelfCrossing);
        Assert.True(new Quadrilateral(0, 0, 10, 0, 0, 10, 10, 10).IsSelfCrossing);
        Assert.False(new Quadrilateral(0, 0, 10, 0, 10, 10, 0, 10).IsSelfCrossing);
        Assert.False(new Quadrilateral(0, 0, 1, double.NaN, 10, 10, 0, 10).IsFinite);
    }

    [Fact]
    public void Boxes_without_area_are_empty()
    {
        Assert.True(new RotatedBox(1, 1, 0, 5, 0).IsEmpty);
        Assert.True(new RotatedBox(1, 1, 5, 5, float.NaN).IsEmpty);
        Assert.Equal(0, new RotatedBox(1, 1, -5, 5, 0).Area);
        Assert.Equal(0, new RotatedBox(1, 1, 0, 5, 0.3f).Corners.Overlap(new RotatedBox(1, 1, 5, 5, 0).Corners));
    }

    private static bool Contains(RotatedBox box, float x, float y)
    {
        (float sine, float cosine) = MathF.SinCos(box.Angle);
        (float dx, float dy) = (x - box.CentreX, y - box.CentreY);
        return Math.Abs((dx * cosine) + (dy * sine)) <= box.Width / 2 && Math.Abs((dy * cosine) - (dx * sine)) <= box.Height / 2;
    }

    private static RotatedBox Turned(RotatedBox box, float angle)
    {
        (float sine, float cosine) = MathF.SinCos(angle);
        return box with
        {
            CentreX = (cosine * box.CentreX) - (sine * box.CentreY),
            CentreY = (sine * box.CentreX) + (cosine * box.CentreY),
            Angle = box.Angle + angle
        };
    }
}
