using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Samples.Extending;

/// <summary>
/// GFL's losses, but every positive's box counts the same: GFL weighs a box by its class score. Terms <c>loss_cls</c> and <c>loss_bbox</c>.
/// </summary>
public sealed class EvenCriterion : IDetectionCriterion
{
    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        PositiveBoxes boxes = PositiveBoxes.Read(output, assignment.Positives, coding);
        Tensor quality = BoxOverlaps.Aligned(boxes.Predicted.Detach(), boxes.Targets);
        Tensor box = BoxLoss.Rows(boxes.Predicted, boxes.Targets, BoxLossKind.Giou).Sum();
        return
        [
            new LossTerm("loss_cls", Classes(output, assignment, quality) / assignment.PositiveNormalizer),
            new LossTerm("loss_bbox", 2 * box / assignment.PositiveNormalizer),
        ];
    }

    // Every prior as background, and then the difference for the few that are not.
    private static Tensor Classes(DenseOutput output, BatchAssignment assignment, Tensor quality)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor rows = positives.Selection.Gather([.. output.Levels.Select(level => level.ClassLogits)]);
        Tensor sum = QualityFocalLoss.Difference(rows.Gather(1, positives.Labels.Unsqueeze(1)).Squeeze(1), quality).Sum();
        for (int l = 0; l < output.Levels.Count; l++)
        {
            sum += QualityFocalLoss.BackgroundSum(output.Levels[l].ClassLogits, assignment.LabelWeights[l]);
        }

        return sum;
    }
}
