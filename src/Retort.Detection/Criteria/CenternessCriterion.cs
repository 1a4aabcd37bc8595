using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of detectors with a centerness (Tian et al., FCOS, Eq. 2 and 3; Zhang et al., ATSS): focal over all priors; boxes of the
/// positives weighted by their true centerness and divided by its sum; cross-entropy of the centerness. Terms <c>loss_cls</c>,
/// <c>loss_bbox</c>, <c>loss_centerness</c>. Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class CenternessCriterion(CenternessOptions options) : IDetectionCriterion
{
    // Keeps a weighted mean over no positives at zero.
    private const double SmallestSum = 1e-6;

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        PositiveTargets positives = assignment.Positives;
        PositiveBoxes boxes = PositiveBoxes.Read(output, positives, coding);
        Tensor centerness = CenternessLoss.Targets(boxes.TargetValues().Clamp(min: 0));
        Tensor share = centerness / centerness.Sum().Clamp(min: SmallestSum);
        Tensor box = (BoxLoss.Rows(boxes.Predicted, boxes.Targets, options.Box.Type) * share).Sum();
        Tensor predicted = positives.Selection.Gather([.. output.Levels.Select(l => l.Centerness!)]).Squeeze(1);
        Tensor difference = CenternessLoss.Elements(predicted, centerness).Sum();
        return
        [
            FocalClassification.Term(output, assignment, options.Classification),
            new LossTerm("loss_bbox", box * options.Box.Weight),
            new LossTerm("loss_centerness", difference * (options.Centerness.Weight / assignment.PositiveNormalizer)),
        ];
    }
}
