using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>
/// Objects as detectors of rotated boxes want them, and as the published code takes them where it does not know of angles.
/// </summary>
internal static class RotatedTargets
{
    /// <summary>The same objects with rotated boxes, and with the upright boxes around these.</summary>
    public static ImageTargets Of(ImageTargets image, AngleConvention convention)
    {
        Boxes rotated = image.RotatedBoxes
            ?? Boxes.Rotated(Enumerable.Range(0, image.Count).Select(k => RotatedBox.From(image.Boxes.Enclosing(k), convention)));
        return ImageTargets.Rotated(image.PadHeight, image.PadWidth, image.Height, image.Width, rotated, image.Labels)
            with
        { IgnoredBoxes = image.IgnoredBoxes };
    }

    /// <summary>The same objects as if their angle were zero.</summary>
    public static ImageTargets WithZeroAngle(ImageTargets image)
    {
        Boxes rotated = image.In(BoxForm.Rotated);
        return image with
        {
            Boxes = Boxes.Upright(Enumerable.Range(0, image.Count).Select(k => WithZeroAngle(rotated.RotatedAt(k)))),
            RotatedBoxes = null
        };
    }

    private static Box WithZeroAngle(RotatedBox box)
    {
        (float x, float y) = (box.Width * 0.5f, box.Height * 0.5f);
        return new Box(box.CentreX - x, box.CentreY - y, box.CentreX + x, box.CentreY + y);
    }
}
