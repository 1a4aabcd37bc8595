using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>What is known of one image of a batch. Boxes are x1, y1, x2, y2 in pixels of the resized, flipped image.</summary>
public sealed record BatchItem
{
    /// <summary>Index in the data set.</summary>
    public required int Index { get; init; }

    /// <summary>The data set's id of the image.</summary>
    public required long ImageId { get; init; }

    /// <summary>The image file.</summary>
    public required string Path { get; init; }

    /// <summary>Original size, resized size, this image's own padded size (the batch may be larger), scale factors and flips.</summary>
    public required SampleGeometry Geometry { get; init; }

    /// <summary>[G, 4] row-major: the objects to train on, none of them empty.</summary>
    public required float[] Boxes { get; init; }

    /// <summary>[G, 5] row-major: centre x, y, width, height and angle (radians, with the clock) of the same objects; null where the data set has no rotated boxes.</summary>
    public float[]? RotatedBoxes { get; init; }

    /// <summary>[G]: 0-based class indices of <see cref="Boxes"/>.</summary>
    public required int[] Labels { get; init; }

    /// <summary>[I, 4] row-major: crowds and difficult objects, which count neither as objects nor as background.</summary>
    public required float[] IgnoredBoxes { get; init; }
}
