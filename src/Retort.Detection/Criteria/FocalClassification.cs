using Retort.Detection.Dense;
using Retort.Detection.Losses;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>Focal loss of the class scores of a whole batch (RetinaNet, FCOS, ATSS).</summary>
internal static class FocalClassification
{
    /// <summary>Term <c>loss_cls</c>: the sum over all trained priors, divided by the number of positives.</summary>
    public static LossTerm Term(DenseOutput output, BatchAssignment assignment, FocalOptions options)
    {
        // Every prior as background, and then the difference for the few that are not.
        PositiveTargets positives = assignment.Positives;
        Tensor rows = positives.Selection.Gather([.. output.Levels.Select(l => l.ClassLogits)]);
        Tensor scores = rows.Gather(1, positives.Labels.Unsqueeze(1));
        Tensor sum = SigmoidFocalLoss.Difference(scores, options.Alpha, options.Gamma).Sum();
        for (int l = 0; l < output.Levels.Count; l++)
        {
            sum += SigmoidFocalLoss.BackgroundSum(
                output.Levels[l].ClassLogits, assignment.LabelWeights[l], assignment.Priors.PerCell, options.Alpha, options.Gamma);
        }

        return new LossTerm("loss_cls", sum * (options.Weight / assignment.PositiveNormalizer));
    }
}
