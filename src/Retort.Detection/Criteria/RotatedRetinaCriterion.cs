using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of RetinaNet for rotated boxes: focal over all priors but the ignored ones, and the box loss of the positives. Terms <c>loss_cls</c>,
/// <c>loss_bbox</c>. Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class RotatedRetinaCriterion(RotatedRetinaOptions options) : IDetectionCriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor rows = Rows(PositiveBoxes.Read(output, positives, coding));
        Tensor box = options.Divisor == RotatedLossDivisor.Positives
            ? rows.Sum() / assignment.PositiveNormalizer
            : positives.Selection.SumOfLevelMeans(rows);
        return [FocalClassification.Term(output, assignment, options.Classification), new LossTerm("loss_bbox", box * options.BoxWeight)];
    }

    private Tensor Rows(PositiveBoxes boxes) => options.BoxLoss switch
    {
        RotatedBoxLossKind.SmoothL1 => Differences(boxes.PredictedValues(), boxes.TargetValues()).Sum([1]),
        RotatedBoxLossKind.KfIou => KalmanFilterIouLoss.Rows(
            boxes.PredictedValues(), boxes.TargetValues(), boxes.Predicted, boxes.Targets, options.KalmanMap),
        _ => GaussianBoxLoss.Rows(boxes.Predicted, boxes.Targets, Gaussian(options.BoxLoss)),
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
