using Retort.Core.Geometry;
using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>What is known of one image of a batch. Boxes are in pixels of the resized, flipped image.</summary>
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

    /// <summary>The upright boxes of the objects to train on, G of them, none of them empty.</summary>
    public required Boxes Boxes { get; init; }

    /// <summary>The rotated boxes of the same objects; null where the data set has none.</summary>
    public Boxes? RotatedBoxes { get; init; }

    /// <summary>[G]: 0-based class indices of <see cref="Boxes"/>.</summary>
    public required int[] Labels { get; init; }

    /// <summary>Upright boxes of crowds and difficult objects, which count neither as objects nor as background.</summary>
    public required Boxes IgnoredBoxes { get; init; }
}
