
namespace Retort.Core.Geometry;

/// <summary>A rectangle in any direction, in pixels: x to the right, y down.</summary>
/// <param name="CentreX">Centre, pixels.</param>
/// <param name="CentreY">Centre, pixels.</param>
/// <param name="Width">Length of the side that <paramref name="Angle"/> is the direction of, pixels.</param>
/// <param name="Height">Length of the other side, pixels.</param>
/// <param name="Angle">Radians, from x towards y: on the screen, with the clock.</param>
public readonly record struct RotatedBox(float CentreX, float CentreY, float Width, float Height, float Angle)
{
    // Rectangles whose angle is this near a quarter turn (in quarter turns) are taken to stand upright: pi/2 is not a float.
    private const double AngleRounding = 1e-6;

    /// <summary>Square pixels; zero for an empty or inverted box.</summary>
    public float Area => IsEmpty ? 0 : Width * Height;

    /// <summary>True where a side is not positive, or a number not finite.</summary>
    public bool IsEmpty => !(Width > 0 && Height > 0 && float.IsFinite(CentreX + CentreY + Width + Height + Angle));

    /// <summary>The corners, with the clock; the first two are the ends of the width's side on the left of its direction.</summary>
    public Quadrilateral Corners
    {
        get
        {
            (double sine, double cosine) = Math.SinCos(Angle);
            (double wx, double wy) = (cosine * Width / 2, sine * Width / 2);
            (double hx, double hy) = (-sine * Height / 2, cosine * Height / 2);
            return new Quadrilateral(
                CentreX - wx - hx,
                CentreY - wy - hy,
                CentreX + wx - hx,
                CentreY + wy - hy,
                CentreX + wx + hx,
                CentreY + wy + hy,
                CentreX - wx + hx,
                CentreY - wy + hy);
        }
    }

    /// <summary>
    /// The smallest axis-aligned box around it. In single precision and in the order of the authors' code: which of many anchors overlaps
    /// it most, or by just a threshold, is a matter of the last bit.
    /// </summary>
    public Box Enclosing
    {
        get
        {
            (float sine, float cosine) = (MathF.Sin(Angle), MathF.Cos(Angle));
            float x = (MathF.Abs(cosine * Width) + MathF.Abs(sine * Height)) / 2;
            float y = (MathF.Abs(sine * Width) + MathF.Abs(cosine * Height)) / 2;
            return new Box(CentreX - x, CentreY - y, CentreX + x, CentreY + y);
        }
    }

    /// <summary>An axis-aligned box in a convention.</summary>
    public static RotatedBox From(Box box, AngleConvention convention) =>
        new RotatedBox((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2, box.Width, box.Height, 0).In(convention);

    /// <summary>
    /// The same rectangle in a convention's terms. A square keeps the side that it calls the width where the convention allows it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The convention is not one of the enumeration.</exception>
    public RotatedBox In(AngleConvention convention)
    {
        bool turn = convention != AngleConvention.Oc && Width < Height;
        double quarters = Snapped(Angle / (Math.PI / 2)) + (turn ? 1 : 0);
        double steps = convention switch
        {
            AngleConvention.Oc => Math.Ceiling(quarters) - 1,
            AngleConvention.Le90 => 2 * Math.Floor((quarters + 1) / 2),
            AngleConvention.Le135 => 2 * Math.Floor((quarters + 0.5) / 2),
            _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "unknown angle convention"),
        };
        bool swapped = turn || (convention == AngleConvention.Oc && Math.Abs(steps) % 2 == 1);
        double moved = (turn ? 1 : 0) - steps;
        float angle = moved == 0 ? Angle : (float)((quarters - steps) * (Math.PI / 2));
        return swapped ? new RotatedBox(CentreX, CentreY, Height, Width, angle) : this with { Angle = angle };
    }

    private static double Snapped(double quarters) =>
        Math.Abs(quarters - Math.Round(quarters)) < AngleRounding ? Math.Round(quarters) : quarters;
}
