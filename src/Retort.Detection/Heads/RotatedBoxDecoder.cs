using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Heads;

/// <summary>The values that the bins of an edge's distribution stand for: evenly from the first to the last.</summary>
/// <param name="First">Value of the first bin.</param>
/// <param name="Last">Value of the last bin, above the first.</param>
public sealed record EdgeRange(double First, double Last);

/// <summary>
/// From what a head predicts for rotated boxes to boxes: differences from the prior, or a distribution over bins for each of the five (Zheng et
/// al., Localization Distillation, section 3.3). Pure functions of tensors.
/// </summary>
public sealed class RotatedBoxDecoder
{
    /// <summary>Numbers of a box: centre x, y, width, height, angle.</summary>
    public const int Edges = 5;
    private readonly RotatedBoxCoder _coder;
    private readonly IReadOnlyList<EdgeRange>? _ranges;

    /// <summary>Makes a decoder.</summary>
    /// <param name="coder">How differences are told from a prior.</param>
    /// <param name="ranges">The bins of each of the five; null: the head predicts the differences themselves.</param>
    /// <exception cref="ArgumentException">There are not five ranges, or one is empty.</exception>
    public RotatedBoxDecoder(RotatedCoderOptions coder, IReadOnlyList<EdgeRange>? ranges = null)
    {
        if (ranges is not null && (ranges.Count != Edges || ranges.Any(r => !(r.First < r.Last))))
        {
            throw new ArgumentException("five ranges, none of them empty, are wanted", nameof(ranges));
        }

        (_coder, _ranges) = (new RotatedBoxCoder(coder), ranges);
    }

    /// <summary>The ranges of the published recipes: centre and sides from -2 to 2, the angle from -5 to 2.</summary>
    public static IReadOnlyList<EdgeRange> PublishedRanges { get; } = [.. Enumerable.Repeat(new EdgeRange(-2, 2), 4), new EdgeRange(-5, 2)];

    /// <summary>Predicted differences, float [K, 5].</summary>
    /// <param name="rows">Box logits, float [K, 5*(n+1)], or the differences, float [K, 5].</param>
    public Tensor Deltas(Tensor rows)
    {
        if (_ranges is null)
        {
            return rows;
        }

        using var scope = new TensorScope();
        long bins = rows.Size(1) / Edges;
        Tensor values = Tensor.Stack([.. _ranges.Select(r => Tensor.Linspace(r.First, r.Last, bins, rows.Type, rows.Device))]);
        return scope.Keep((rows.Reshape(-1, Edges, bins).Softmax(2) * values).Sum([2]));
    }

    /// <summary>Differences of boxes from priors, float [K, 5].</summary>
    /// <param name="priors">x1 y1 x2 y2, pixels, float [K, 4].</param>
    /// <param name="boxes">Float [K, 5].</param>
    public Tensor Encode(Tensor priors, Tensor boxes) => _coder.Encode(RotatedBoxCoder.Upright(priors), boxes);

    /// <summary>Boxes, float [K, 5].</summary>
    /// <param name="priors">x1 y1 x2 y2, pixels, float [K, 4].</param>
    /// <param name="rows">See <see cref="Deltas"/>.</param>
    public Tensor Decode(Tensor priors, Tensor rows) => _coder.Decode(RotatedBoxCoder.Upright(priors), Deltas(rows));
}
