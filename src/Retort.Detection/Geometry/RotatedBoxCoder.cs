using Retort.Core.Geometry;
using Retort.Torch;

namespace Retort.Detection.Geometry;

/// <summary>Settings of a <see cref="RotatedBoxCoder"/>; the defaults are those of the published recipes.</summary>
public sealed record RotatedCoderOptions
{
    /// <summary>The convention that decoded boxes are described in.</summary>
    public AngleConvention Convention { get; init; } = AngleConvention.Oc;

    /// <summary>Half turns that an angle's delta of one stands for; null: it is in radians.</summary>
    public double? NormFactor { get; init; }

    /// <summary>Whether the sides may be swapped for a smaller angle; decoded boxes then have the longer side as their width.</summary>
    public bool EdgeSwap { get; init; }

    /// <summary>Whether the centre's deltas are along the prior's own sides and not along the axes.</summary>
    public bool ProjectXy { get; init; }

    /// <summary>What the deltas are divided by: x, y, width, height, angle; each above 0.</summary>
    public IReadOnlyList<double> Deviations { get; init; } = [1, 1, 1, 1, 1];
}

/// <summary>
/// Rotated boxes as differences from priors: those of the centre in parts of the prior's sides, the logarithms of the ratios of the sides,
/// and the difference of the angles (Ren et al., Faster R-CNN, with an angle). Pure functions of tensors.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class RotatedBoxCoder(RotatedCoderOptions options)
{
    /// <summary>x1 y1 x2 y2, float [K, 4], as upright rotated boxes, float [K, 5].</summary>
    public static Tensor Upright(Tensor boxes)
    {
        (Tensor centre, Tensor size) = BoxDeltas.CentreAndSize(boxes);
        return Tensor.Cat([centre, size, boxes.Narrow(1, 0, 1).ZerosLike()], 1);
    }

    /// <summary>The angle in a convention's range, any shape, radians. Oc keeps it as it is, as published.</summary>
    public static Tensor Normalize(Tensor angles, AngleConvention convention) => convention switch
    {
        AngleConvention.Oc => angles,
        AngleConvention.Le90 => Wrap(angles, Math.PI / 2),
        AngleConvention.Le135 => Wrap(angles, Math.PI / 4),
        _ => throw new ArgumentOutOfRangeException(nameof(convention), convention, "unknown angle convention"),
    };

    /// <summary>Differences of boxes from priors, float [K, 5].</summary>
    /// <param name="priors">Centre x, y, width, height, angle, float [K, 5].</param>
    /// <param name="boxes">Float [K, 5].</param>
    public Tensor Encode(Tensor priors, Tensor boxes)
    {
        Tensor[] p = Columns(priors), b = Columns(boxes);
        (Tensor x, Tensor y) = (b[0] - p[0], b[1] - p[1]);
        if (options.ProjectXy)
        {
            (Tensor cosine, Tensor sine) = (p[4].Cos(), p[4].Sin());
            (x, y) = ((cosine * x) + (sine * y), (cosine * y) - (sine * x));
        }

        (Tensor width, Tensor height, Tensor angle) = (b[2], b[3], Normalize(b[4] - p[4], options.Convention));
        if (options.EdgeSwap)
        {
            Tensor turned = Normalize(b[4] - p[4] + (Math.PI / 2), options.Convention);
            Tensor keep = angle.Abs().Lt(turned.Abs());
            (width, height) = (Tensor.Where(keep, b[2], b[3]), Tensor.Where(keep, b[3], b[2]));
            angle = Tensor.Where(keep, angle, turned);
        }

        angle = options.NormFactor is { } factor ? angle / (factor * Math.PI) : angle;
        return Tensor.Stack([x / p[2], y / p[3], (width / p[2]).Log(), (height / p[3]).Log(), angle], 1)
            / BoxDeltas.Row(options.Deviations, boxes);
    }

    /// <summary>Boxes from differences, float [K, 5].</summary>
    /// <param name="priors">Centre x, y, width, height, angle, float [K, 5].</param>
    /// <param name="deltas">Float [K, 5].</param>
    public Tensor Decode(Tensor priors, Tensor deltas)
    {
        Tensor[] p = Columns(priors), d = Columns(deltas * BoxDeltas.Row(options.Deviations, deltas));
        (Tensor x, Tensor y) = (d[0] * p[2], d[1] * p[3]);
        if (options.ProjectXy)
        {
            (Tensor cosine, Tensor sine) = (p[4].Cos(), p[4].Sin());
            (x, y) = ((cosine * x) - (sine * y), (sine * x) + (cosine * y));
        }

        (Tensor width, Tensor height) = (p[2] * Growth(d[2]), p[3] * Growth(d[3]));
        Tensor angle = Normalize(p[4] + (options.NormFactor is { } factor ? d[4] * (factor * Math.PI) : d[4]), options.Convention);
        if (options.EdgeSwap)
        {
            Tensor keep = width.Gt(height);
            angle = Normalize(Tensor.Where(keep, angle, angle + (Math.PI / 2)), options.Convention);
            (width, height) = (Tensor.Where(keep, width, height), Tensor.Where(keep, height, width));
        }

        return Tensor.Stack([x + p[0], y + p[1], width, height, angle], 1);
    }

    private static Tensor Growth(Tensor delta) => BoxDeltas.Growth(delta, BoxDeltas.PublishedLargestRatio);

    private static Tensor Wrap(Tensor angles, double below)
    {
        Tensor moved = angles + below;
        return moved - ((moved / Math.PI).Floor() * Math.PI) - below;
    }

    private static Tensor[] Columns(Tensor boxes) => boxes.Unbind(1);
}
