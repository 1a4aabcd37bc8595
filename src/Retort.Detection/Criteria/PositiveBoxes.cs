using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// The boxes that the positive priors predict beside those that they are to predict, in the unit of the detector's coding: strides, or
/// pixels.
/// </summary>
public sealed class PositiveBoxes
{
    private readonly IBoxCoding _coding;
    private readonly Tensor _priors;
    private Tensor? _predicted;

    private PositiveBoxes(IBoxCoding coding, Tensor priors, Tensor edgeLogits, Tensor targets) =>
        (_coding, _priors, EdgeLogits, Targets) = (coding, priors, edgeLogits, targets);

    /// <summary>Box logits, float [K, E*(n+1)].</summary>
    public Tensor EdgeLogits { get; }

    /// <summary>The objects' boxes, float [K, E].</summary>
    public Tensor Targets { get; }

    /// <summary>The decoded boxes, float [K, E], with gradient history; decoded when first asked for.</summary>
    public Tensor Predicted => _predicted ??= _coding.Decode(_priors, EdgeLogits);

    /// <summary>Bins of an edge, n+1.</summary>
    public int Bins => (int)EdgeLogits.Size(1) / _coding.Form.Numbers();

    /// <summary>Reads the positives' boxes from a batch of predictions, with gradient history.</summary>
    /// <param name="output">The predictions.</param>
    /// <param name="positives">The positive priors.</param>
    /// <param name="coding">The detector's box coding.</param>
    public static PositiveBoxes Read(DenseOutput output, PositiveTargets positives, IBoxCoding coding) => new(
        coding,
        coding.FromPixels(positives.Priors, positives.Strides),
        positives.Selection.Gather([.. output.Levels.Select(l => l.BoxLogits)]),
        coding.FromPixels(positives.Boxes, positives.Strides));

    /// <summary>The numbers that the logits stand for, float [K, E]; see <see cref="IBoxCoding.Values"/>.</summary>
    public Tensor PredictedValues() => _coding.Values(EdgeLogits);

    /// <summary>The numbers that the targets should be predicted by, float [K, E]; see <see cref="IBoxCoding.Encode"/>.</summary>
    public Tensor TargetValues() => _coding.Encode(_priors, Targets);
}
