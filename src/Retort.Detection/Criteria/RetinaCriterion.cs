using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of RetinaNet (Lin et al., Focal Loss for Dense Object Detection) in its distribution form: focal over all priors but the ignored
/// ones, and the box loss of the positives' decoded boxes, both divided by the number of positives. Terms <c>loss_cls</c>,
/// <c>loss_bbox</c>. Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class RetinaCriterion(RetinaOptions options) : IDetectionCriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        var boxes = PositiveBoxes.Read(output, assignment.Positives, coding);
        Tensor box = BoxLoss.Rows(boxes.Predicted, boxes.Targets, options.Box.Type).Sum();
        return
        [
            FocalClassification.Term(output, assignment, options.Classification),
            new LossTerm("loss_bbox", box * (options.Box.Weight / assignment.PositiveNormalizer)),
        ];
    }
}
