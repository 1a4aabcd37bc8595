using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of RetinaNet for rotated boxes: focal over all priors but the ignored ones, and the box loss of the positives. Terms
/// <c>loss_cls</c>, <c>loss_bbox</c>. Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class RotatedRetinaCriterion(RotatedRetinaOptions options) : IDetectionCriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor rows = Rows(PositiveBoxes.Read(output, positives, coding));
        Tensor box = options.Box.Divisor == RotatedLossDivisor.Positives
            ? rows.Sum() / assignment.PositiveNormalizer
            : positives.Selection.SumOfLevelMeans(rows);
        return [FocalClassification.Term(output, assignment, options.Classification), new LossTerm("loss_bbox", box * options.Box.Weight)];
    }

    private Tensor Rows(PositiveBoxes boxes) => options.Box switch
    {
        SmoothL1Options smooth => Differences(boxes.PredictedValues(), boxes.TargetValues(), smooth.Beta).Sum([1]),
        KfIouOptions overlap => KalmanFilterIouLoss.Rows(
            boxes.PredictedValues(), boxes.TargetValues(), boxes.Predicted, boxes.Targets, overlap.Form),
        _ => GaussianBoxLoss.Rows(boxes.Predicted, boxes.Targets, Gaussian(options.Box)),
    };

    private static Tensor Differences(Tensor deltas, Tensor targets, double beta) =>
        beta > 0 ? AbsoluteLoss.SmoothL1(deltas, targets, beta) : AbsoluteLoss.L1(deltas, targets);

    private static GaussianLossOptions Gaussian(RotatedBoxLossOptions box) => box switch
    {
        GwdOptions => GaussianLossOptions.Gwd,
        KldOptions => GaussianLossOptions.Kld,
        ReverseKldOptions => GaussianLossOptions.ReverseKld,
        _ => throw new ArgumentOutOfRangeException(nameof(box), box, "unknown box loss"),
    };
}
