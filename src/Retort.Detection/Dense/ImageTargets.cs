using Retort.Core.Geometry;

namespace Retort.Detection.Dense;

/// <summary>The ground truth of one image of a batch, in pixels of the network's input.</summary>
/// <param name="PadHeight">Height of the padded image that this image's valid cells are counted from, pixels.</param>
/// <param name="PadWidth">Width of the padded image, pixels.</param>
/// <param name="Height">Height of the image proper (after resizing, before padding), pixels.</param>
/// <param name="Width">Width of the image proper, pixels.</param>
/// <param name="Boxes">The upright box of each object, G of them; G may be 0.</param>
/// <param name="Labels">0-based class of each object; length G.</param>
public sealed record ImageTargets(int PadHeight, int PadWidth, int Height, int Width, Boxes Boxes, int[] Labels)
{
    /// <summary>The rotated box of each object, where the data has them. Detectors of upright boxes ignore them.</summary>
    public Boxes? RotatedBoxes { get; init; }

    /// <summary>Upright boxes of crowd and difficult objects; most assigners ignore them.</summary>
    public Boxes IgnoredBoxes { get; init; } = Boxes.None;

    /// <summary>Number of objects.</summary>
    public int Count => Labels.Length;

    /// <summary>The ground truth of an image with rotated boxes, whose upright boxes are those around them.</summary>
    /// <param name="padHeight">See <see cref="PadHeight"/>.</param>
    /// <param name="padWidth">See <see cref="PadWidth"/>.</param>
    /// <param name="height">See <see cref="Height"/>.</param>
    /// <param name="width">See <see cref="Width"/>.</param>
    /// <param name="rotated">See <see cref="RotatedBoxes"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <exception cref="ArgumentException">The boxes are not rotated, or there is not one for each label.</exception>
    public static ImageTargets Rotated(int padHeight, int padWidth, int height, int width, Boxes rotated, int[] labels)
    {
        rotated.Require(BoxForm.Rotated);
        return rotated.Count == labels.Length
            ? new ImageTargets(padHeight, padWidth, height, width, rotated.Enclose(), labels) { RotatedBoxes = rotated }
            : throw new ArgumentException($"{rotated.Count} boxes, but {labels.Length} labels");
    }

    /// <summary>The boxes that a detector is to predict.</summary>
    /// <param name="form">The form of its boxes.</param>
    /// <exception cref="InvalidOperationException">The objects have no rotated boxes.</exception>
    public Boxes In(BoxForm form) =>
        form == BoxForm.Upright ? Boxes : RotatedBoxes ?? throw new InvalidOperationException("the objects have no rotated boxes");
}
