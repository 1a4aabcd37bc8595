using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Tests.Reference;

/// <summary>Settings of an <see cref="UprightBoxCoder"/>.</summary>
internal sealed record UprightCoderOptions
{
    /// <summary>What is taken from the deltas: x, y, width, height.</summary>
    public IReadOnlyList<double> Means { get; init; } = [0, 0, 0, 0];

    /// <summary>What the deltas are divided by then: x, y, width, height; each above 0.</summary>
    public IReadOnlyList<double> Deviations { get; init; } = [1, 1, 1, 1];

    /// <summary>Decoded sides grow or shrink by this at most, above 1.</summary>
    public double LargestRatio { get; init; } = BoxDeltas.PublishedLargestRatio;
}

/// <summary>
/// Boxes as differences from priors: those of the centre in parts of the prior's sides, and the logarithms of the ratios of the sides (Ren
/// et al., Faster R-CNN, Eq. 2). Pure functions of tensors; <see cref="RotatedBoxCoder"/> has the angle too.
/// </summary>
/// <param name="options">Settings.</param>
internal sealed class UprightBoxCoder(UprightCoderOptions options)
{
    /// <summary>Differences of boxes from priors, float [K, 4].</summary>
    /// <param name="priors">x1 y1 x2 y2, float [K, 4].</param>
    /// <param name="boxes">Float [K, 4].</param>
    public Tensor Encode(Tensor priors, Tensor boxes)
    {
        ((Tensor from, Tensor sides), (Tensor to, Tensor wanted)) = (BoxDeltas.CentreAndSize(priors), BoxDeltas.CentreAndSize(boxes));
        Tensor deltas = Tensor.Cat([(to - from) / sides, (wanted / sides).Log()], 1);
        return (deltas - BoxDeltas.Row(options.Means, deltas)) / BoxDeltas.Row(options.Deviations, deltas);
    }

    /// <summary>Boxes from differences, float [K, 4].</summary>
    /// <param name="priors">x1 y1 x2 y2, float [K, 4].</param>
    /// <param name="deltas">Float [K, 4].</param>
    /// <param name="image">Height and width that the boxes are clipped to, where they are.</param>
    public Tensor Decode(Tensor priors, Tensor deltas, (double Height, double Width)? image = null)
    {
        (Tensor from, Tensor sides) = BoxDeltas.CentreAndSize(priors);
        Tensor raw = (deltas * BoxDeltas.Row(options.Deviations, deltas)) + BoxDeltas.Row(options.Means, deltas);
        Tensor centre = from + (sides * raw.Narrow(1, 0, 2)), half =
            sides * BoxDeltas.Growth(raw.Narrow(1, 2, 2), options.LargestRatio) / 2;
        Tensor boxes = Tensor.Cat([centre - half, centre + half], 1);
        return image is { } size
            ? Tensor.Minimum(boxes.Clamp(min: 0), BoxDeltas.Row([size.Width, size.Height, size.Width, size.Height], boxes))
            : boxes;
    }
}
