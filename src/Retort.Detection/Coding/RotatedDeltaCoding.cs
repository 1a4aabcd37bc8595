using Retort.Core.Geometry;
using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Coding;

/// <summary>
/// Rotated boxes as differences from an upright prior, in pixels: the differences themselves are predicted, or a distribution over bins for
/// each of the five (Zheng et al., Localization Distillation, section 3.3).
/// </summary>
public sealed class RotatedDeltaCoding : IBoxCoding
{
    private readonly RotatedBoxCoder _coder;
    private readonly IReadOnlyList<EdgeRange>? _ranges;

    /// <summary>Makes a coding.</summary>
    /// <param name="coder">How a box differs from a prior.</param>
    /// <param name="ranges">The bins of each of the five edges; null: the differences themselves are predicted.</param>
    /// <exception cref="ArgumentException">There are not five ranges, or one is empty.</exception>
    public RotatedDeltaCoding(RotatedCoderOptions coder, IReadOnlyList<EdgeRange>? ranges = null)
    {
        if (ranges is not null && (ranges.Count != Form.Numbers() || ranges.Any(r => !(r.First < r.Last))))
        {
            throw new ArgumentException("five ranges are needed, none of them empty", nameof(ranges));
        }

        (_coder, _ranges) = (new RotatedBoxCoder(coder), ranges);
    }

    /// <summary>The ranges of the published recipes: centre and sides from -2 to 2, the angle from -5 to 2.</summary>
    public static IReadOnlyList<EdgeRange> PublishedRanges { get; } = [.. Enumerable.Repeat(new EdgeRange(-2, 2), 4), new EdgeRange(-5, 2)];

    /// <inheritdoc/>
    public BoxForm Form => BoxForm.Rotated;

    /// <inheritdoc/>
    public Tensor FromPixels(Tensor boxes, Tensor strides) => boxes;

    /// <inheritdoc/>
    public Tensor ToPixels(Tensor boxes, Tensor strides) => boxes;

    /// <inheritdoc/>
    public Tensor Values(Tensor logits) => _ranges is null ? logits : EdgeDistributions.Expectation(logits, _ranges);

    /// <inheritdoc/>
    public Tensor Encode(Tensor priors, Tensor boxes) => _coder.Encode(RotatedBoxCoder.Upright(priors), boxes);

    /// <inheritdoc/>
    public Tensor Decode(Tensor priors, Tensor logits) => _coder.Decode(RotatedBoxCoder.Upright(priors), Values(logits));
}
