using Retort.Core.Geometry;

namespace Retort.Vision.Transforms;

/// <summary>Where the centre of a rotated box lies after mirroring.</summary>
public enum MirrorRule
{
    /// <summary>At width - x: where the mirrored pixels are.</summary>
    Exact,

    /// <summary>At width - x - 1, a pixel beside it, as in the authors' code for rotated boxes.</summary>
    Reference,
}

/// <summary>What becomes of rotated boxes when their image is rotated, resized or mirrored.</summary>
public static class RotatedGeometry
{
    // How far single precision leaves an angle from the right angle that it stands for.
    private const float AngleRounding = 1e-6f;

    /// <summary>The box after its image was rotated.</summary>
    /// <param name="box">The box.</param>
    /// <param name="image">Size of the image; its middle stays.</param>
    /// <param name="radians">With the clock.</param>
    /// <param name="convention">The terms of the result.</param>
    public static RotatedBox Rotate(RotatedBox box, ImageSize image, double radians, AngleConvention convention)
    {
        (double sine, double cosine) = Math.SinCos(radians);
        (double x, double y) = (box.CentreX - (image.Width / 2.0), box.CentreY - (image.Height / 2.0));
        RotatedBox turned = box with
        {
            CentreX = (float)((image.Width / 2.0) + (cosine * x) - (sine * y)),
            CentreY = (float)((image.Height / 2.0) + (sine * x) + (cosine * y)),
            Angle = (float)(box.Angle + radians),
        };
        return turned.In(convention);
    }

    /// <summary>
    /// The box after its image was resized: the sides by the geometric mean of the factors, the angle as it was, as in the authors' code.
    /// </summary>
    public static RotatedBox Resize(RotatedBox box, float scaleX, float scaleY)
    {
        float scale = MathF.Sqrt(scaleX * scaleY);
        return box with
        {
            CentreX = box.CentreX * scaleX,
            CentreY = box.CentreY * scaleY,
            Width = box.Width * scale,
            Height = box.Height * scale
        };
    }

    /// <summary>The box after its image was mirrored.</summary>
    /// <param name="box">The box.</param>
    /// <param name="image">Size of the image.</param>
    /// <param name="horizontal">Left to right.</param>
    /// <param name="vertical">Top to bottom.</param>
    /// <param name="convention">The convention that the box has and keeps.</param>
    /// <param name="rule">Where the centre goes.</param>
    public static RotatedBox Mirror(
        RotatedBox box, ImageSize image, bool horizontal, bool vertical, AngleConvention convention, MirrorRule rule)
    {
        float shift = rule == MirrorRule.Reference ? 1 : 0;
        RotatedBox moved = box with
        {
            CentreX = horizontal ? image.Width - box.CentreX - shift : box.CentreX,
            CentreY = vertical ? image.Height - box.CentreY - shift : box.CentreY,
        };

        // Both mirrors together are half a turn, which leaves a rectangle's description as it is.
        return horizontal == vertical ? moved : Reflect(moved, convention);
    }

    private static RotatedBox Reflect(RotatedBox box, AngleConvention convention)
    {
        if (convention != AngleConvention.Oc)
        {
            double from = convention == AngleConvention.Le90 ? -Math.PI / 2 : -Math.PI / 4;
            double turns = Math.Floor((-box.Angle - from) / Math.PI + AngleRounding);
            return box with { Angle = (float)(-box.Angle - (turns * Math.PI)) };
        }

        bool upright = MathF.Abs(box.Angle - (MathF.PI / 2)) < AngleRounding;
        return upright ? box : box with { Width = box.Height, Height = box.Width, Angle = (MathF.PI / 2) - box.Angle };
    }
}
