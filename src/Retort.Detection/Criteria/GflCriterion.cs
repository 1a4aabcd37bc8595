using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of Generalized Focal Loss (Li et al., 2020) and of its second version: quality focal over all priors, on logits or on the joint
/// scores; box and distribution focal loss over the positives, weighted by their best class score and divided by the sum of these weights.
/// Terms <c>loss_cls</c>, <c>loss_bbox</c> and, unless its weight is zero, <c>loss_dfl</c>. Nothing is read back from the device, and a
/// batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class GflCriterion(GflOptions options) : IDetectionCriterion
{
    // Distances stay this far below the last bin, so that the right neighbour of a distance exists.
    private const double DistanceMargin = 0.1;

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment, IBoxCoding coding)
    {
        PositiveTargets positives = assignment.Positives;
        PositiveBoxes boxes = PositiveBoxes.Read(output, positives, coding);
        Tensor weight = output.BestScores(positives.Selection);
        Tensor share = weight / (weight.Sum() + options.NormalizerEpsilon);
        Tensor quality = BoxOverlaps.Aligned(boxes.Predicted.Detach(), boxes.Targets);
        Tensor box = (BoxLoss.Rows(boxes.Predicted, boxes.Targets, options.Box.Type) * share).Sum() * options.Box.Weight;
        LossTerm[] terms =
        [
            new LossTerm("loss_cls", Classification(output, assignment, quality) * options.Classification.Weight),
            new LossTerm("loss_bbox", box),
        ];
        return options.Distribution.Weight == 0
            ? terms
            : [.. terms, new LossTerm("loss_dfl", Distribution(boxes, share) * options.Distribution.Weight)];
    }

    // Every prior as background, and then the difference for the few that are not.
    private Tensor Classification(DenseOutput output, BatchAssignment assignment, Tensor quality)
    {
        PositiveTargets positives = assignment.Positives;
        (IReadOnlyList<Tensor> maps, bool logits) = (output.ScoreMaps, !output.ScoresAreProbabilities);
        Tensor scores = positives.Selection.Gather(maps).Gather(1, positives.Labels.Unsqueeze(1)).Squeeze(1);
        Tensor sum = QualityFocalLoss.Difference(scores, quality, options.Classification.Beta, logits).Sum();
        for (int l = 0; l < maps.Count; l++)
        {
            sum += QualityFocalLoss.BackgroundSum(
                maps[l], assignment.LabelWeights[l], assignment.Priors.PerCell, options.Classification.Beta, logits);
        }

        return sum / assignment.PositiveNormalizer;
    }

    private static Tensor Distribution(PositiveBoxes boxes, Tensor share)
    {
        Tensor distances = boxes.TargetValues().Clamp(0, boxes.Bins - 1 - DistanceMargin).Reshape(-1);
        Tensor rows = DistributionFocalLoss.Rows(boxes.EdgeLogits.Reshape(-1, boxes.Bins), distances).Reshape(-1, 4);
        return (rows.Mean([1]) * share).Sum();
    }
}
