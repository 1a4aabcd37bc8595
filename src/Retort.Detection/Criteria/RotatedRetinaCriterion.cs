using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of RetinaNet for rotated boxes: focal over all priors but the ignored ones, and the box loss of the positives. Terms <c>loss_cls</c>,
/// <c>loss_bbox</c>. Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="decoder">From box logits to boxes.</param>
/// <param name="options">Weights and kinds.</param>
public sealed class RotatedRetinaCriterion(RotatedBoxDecoder decoder, RotatedRetinaOptions options) : IDetectionCriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor logits = positives.Selection.Gather([.. output.Levels.Select(l => l.BoxLogits)]);
        Tensor rows = Rows(logits, positives);
        Tensor box = options.Divisor == RotatedLossDivisor.Positives
            ? rows.Sum() / assignment.PositiveNormalizer
            : positives.Selection.SumOfLevelMeans(rows);
        return [FocalClassification.Term(output, assignment, options.Classification), new LossTerm("loss_bbox", box * options.BoxWeight)];
    }

    private Tensor Rows(Tensor logits, PositiveTargets positives) => options.BoxLoss switch
    {
        RotatedBoxLossKind.SmoothL1 => Differences(decoder.Deltas(logits), decoder.Encode(positives.Priors, positives.Boxes)).Sum([1]),
        RotatedBoxLossKind.KfIou => KalmanFilterIouLoss.Rows(
            decoder.Deltas(logits),
            decoder.Encode(positives.Priors, positives.Boxes),
            decoder.Decode(positives.Priors, logits),
            positives.Boxes,
            options.KalmanMap),
        _ => GaussianBoxLoss.Rows(decoder.Decode(positives.Priors, logits), positives.Boxes, Gaussian(options.BoxLoss)),
    };

    private Tensor Differences(Tensor deltas, Tensor targets) =>
        options.Beta > 0 ? AbsoluteLoss.SmoothL1(deltas, targets, options.Beta) : AbsoluteLoss.L1(deltas, targets);

    private static GaussianLossOptions Gaussian(RotatedBoxLossKind kind) => kind switch
    {
        RotatedBoxLossKind.Gwd => GaussianLossOptions.Gwd,
        RotatedBoxLossKind.Kld => GaussianLossOptions.Kld,
        RotatedBoxLossKind.ReverseKld => GaussianLossOptions.ReverseKld,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown box loss"),
    };
}
