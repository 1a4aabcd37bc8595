using Retort.Core.Geometry;
using Retort.Vision.Data;

namespace Retort.Vision.Transforms;

/// <summary>
/// Where the pixels of an image go: pixels and boxes both follow this one plan, which is made before anything is decoded.
/// </summary>
/// <param name="Original">Size of the image file.</param>
/// <param name="Resized">Size after the rescale.</param>
/// <param name="Padded">Size with the padding at the right and the bottom.</param>
/// <param name="FlipHorizontal">Mirrored left to right after the rescale.</param>
/// <param name="FlipVertical">Mirrored top to bottom after the rescale.</param>
public sealed record SampleGeometry(ImageSize Original, ImageSize Resized, ImageSize Padded, bool FlipHorizontal, bool FlipVertical)
{
    /// <summary>Resized width over original width, single precision.</summary>
    public float ScaleX { get; } = (float)((double)Resized.Width / Original.Width);

    /// <summary>Resized height over original height, single precision.</summary>
    public float ScaleY { get; } = (float)((double)Resized.Height / Original.Height);

    /// <summary>Where the resized image lies in the network's input.</summary>
    public ImagePlacement Placement => new(Resized.Height, Resized.Width, ScaleX, ScaleY);

    /// <summary>The image is rotated about its middle by so many radians, with the clock, before the rescale.</summary>
    public double Rotation { get; init; }

    /// <summary>The terms in which rotated boxes are described.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>Where the centres of rotated boxes go when the image is mirrored.</summary>
    public MirrorRule RotatedCentres { get; init; } = MirrorRule.Exact;

    /// <summary>Takes a box of the original image into the rotated, resized, flipped one, clipped to it; the result may be empty.</summary>
    public Box Apply(Box box) => Rotation == 0
        ? Upright(box)
        : Upright(RotatedGeometry.Rotate(RotatedBox.From(box, Angles), Original, Rotation, Angles).Enclosing);

    /// <summary>Takes a rotated box of the original image into the rotated, resized, flipped one; it is not clipped.</summary>
    public RotatedBox Apply(RotatedBox box)
    {
        RotatedBox turned = Rotation == 0 ? box : RotatedGeometry.Rotate(box, Original, Rotation, Angles);
        return RotatedGeometry.Mirror(
            RotatedGeometry.Resize(turned, ScaleX, ScaleY), Resized, FlipHorizontal, FlipVertical, Angles, RotatedCentres);
    }

    private Box Upright(Box box) =>
        Flip(new Box(box.X1 * ScaleX, box.Y1 * ScaleY, box.X2 * ScaleX, box.Y2 * ScaleY).Clip(Resized.Width, Resized.Height));

    private Box Flip(Box box)
    {
        if (FlipHorizontal)
        {
            box = box with { X1 = Resized.Width - box.X2, X2 = Resized.Width - box.X1 };
        }

        return FlipVertical ? box with { Y1 = Resized.Height - box.Y2, Y2 = Resized.Height - box.Y1 } : box;
    }
}
