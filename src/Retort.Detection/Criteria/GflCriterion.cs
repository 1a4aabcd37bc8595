using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>
/// Losses of Generalized Focal Loss (Li et al., 2020): quality focal over all priors; box and distribution focal loss over the positives,
/// weighted by their best class score and divided by the sum of these weights. Terms <c>loss_cls</c>, <c>loss_bbox</c>, <c>loss_dfl</c>.
/// Nothing is read back from the device, and a batch without objects gives zeros.
/// </summary>
/// <param name="options">Weights and kinds.</param>
public sealed class GflCriterion(GflOptions options) : IDetectionCriterion
{
    // Distances stay this far below the last bin, so that the right neighbour of a distance exists.
    private const double DistanceMargin = 0.1;

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor classRows = positives.Selection.Gather([.. output.Levels.Select(l => l.ClassLogits)]);
        Tensor boxRows = positives.Selection.Gather([.. output.Levels.Select(l => l.BoxLogits)]);
        Tensor points = Centres(positives.Priors) / positives.Strides;
        Tensor targets = positives.Boxes / positives.Strides;
        Tensor boxes = BoxDistances.Decode(points, DistributionIntegral.Expectation(boxRows, 4));

        Tensor weight = BestScore(classRows);
        Tensor share = weight / (weight.Sum() + options.NormalizerEpsilon);
        Tensor quality = BoxOverlaps.Aligned(boxes.Detach(), targets);
        Tensor box = (BoxLoss.Rows(boxes, targets, options.BoxLoss) * share).Sum() * options.BoxWeight;
        return
        [
            new LossTerm("loss_cls", Classification(output, assignment, classRows, quality) * options.ClassificationWeight),
            new LossTerm("loss_bbox", box),
            new LossTerm("loss_dfl", Distribution(boxRows, points, targets, share) * options.DistributionWeight),
        ];
    }

    // Every prior as background, and then the difference for the few that are not.
    private Tensor Classification(DenseOutput output, BatchAssignment assignment, Tensor classRows, Tensor quality)
    {
        PositiveTargets positives = assignment.Positives;
        Tensor scores = classRows.Gather(1, positives.Labels.Unsqueeze(1)).Squeeze(1);
        Tensor sum = QualityFocalLoss.Difference(scores, quality, options.QualityBeta).Sum();
        for (int l = 0; l < output.Levels.Count; l++)
        {
            sum += QualityFocalLoss.BackgroundSum(output.Levels[l].ClassLogits, assignment.LabelWeights[l], assignment.Priors.PerCell, options.QualityBeta);
        }

        return sum / assignment.PositiveNormalizer;
    }

    private static Tensor Distribution(Tensor boxRows, Tensor points, Tensor targets, Tensor share)
    {
        long bins = boxRows.Size(1) / 4;
        Tensor distances = BoxDistances.Encode(points, targets, bins - 1 - DistanceMargin).Reshape(-1);
        Tensor rows = DistributionFocalLoss.Rows(boxRows.Reshape(-1, bins), distances).Reshape(-1, 4);
        return (rows.Mean([1]) * share).Sum();
    }

    private static Tensor Centres(Tensor priors) => (priors.Narrow(1, 0, 2) + priors.Narrow(1, 2, 2)) / 2;

    private static Tensor BestScore(Tensor classRows) => classRows.Detach().Amax([1]).Sigmoid();
}
