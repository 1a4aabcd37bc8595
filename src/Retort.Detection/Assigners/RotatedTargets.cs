using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Vision.Data;

namespace Retort.Detection.Assigners;

/// <summary>Objects as detectors of rotated boxes want them, and as the published code takes them where it does not know of angles.</summary>
internal static class RotatedTargets
{
    /// <summary>The same objects with rotated boxes, and with the upright boxes around these.</summary>
    public static ImageTargets Of(ImageTargets image, AngleConvention convention)
    {
        float[] rotated = image.RotatedBoxes ?? Turned(image.Boxes, convention);
        return ImageTargets.Rotated(image.PadHeight, image.PadWidth, image.Height, image.Width, rotated, image.Labels) with { IgnoredBoxes = image.IgnoredBoxes };
    }

    /// <summary>The same objects as if their angle were zero.</summary>
    public static ImageTargets WithZeroAngle(ImageTargets image)
    {
        float[] rotated = image.RotatedBoxes!;
        var boxes = new float[4 * image.Count];
        for (int k = 0; k < image.Count; k++)
        {
            (float x, float y, float w, float h) = (rotated[5 * k], rotated[(5 * k) + 1], rotated[(5 * k) + 2] * 0.5f, rotated[(5 * k) + 3] * 0.5f);
            (boxes[4 * k], boxes[(4 * k) + 1], boxes[(4 * k) + 2], boxes[(4 * k) + 3]) = (x - w, y - h, x + w, y + h);
        }

        return image with { Boxes = boxes, RotatedBoxes = null };
    }

    private static float[] Turned(float[] boxes, AngleConvention convention)
    {
        var rotated = new List<float>();
        for (int k = 0; k < boxes.Length; k += 4)
        {
            RotatedBox box = RotatedBox.From(new Box(boxes[k], boxes[k + 1], boxes[k + 2], boxes[k + 3]), convention);
            rotated.AddRange([box.CentreX, box.CentreY, box.Width, box.Height, box.Angle]);
        }

        return [.. rotated];
    }
}
