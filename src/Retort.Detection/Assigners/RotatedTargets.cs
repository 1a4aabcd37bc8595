using Retort.Detection.Dense;

namespace Retort.Detection.Assigners;

/// <summary>Rotated objects as the published code takes them where it does not know of angles.</summary>
internal static class RotatedTargets
{
    /// <summary>The same objects as if their angle were zero.</summary>
    public static ImageTargets Unturned(ImageTargets image)
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
}
