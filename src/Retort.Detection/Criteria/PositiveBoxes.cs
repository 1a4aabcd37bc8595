using Retort.Detection.Dense;
using Retort.Detection.Geometry;
using Retort.Detection.Heads;
using Retort.Torch;

namespace Retort.Detection.Criteria;

/// <summary>The boxes that the positive priors predict beside those that they are to predict, in strides of each prior's level.</summary>
/// <param name="EdgeLogits">Distributions of the edges, logits, float [K, 4*(n+1)].</param>
/// <param name="Points">Centres of the priors, float [K, 2].</param>
/// <param name="Predicted">x1 y1 x2 y2, the expectations of the distributions, float [K, 4].</param>
/// <param name="Targets">x1 y1 x2 y2 of the objects, float [K, 4].</param>
public sealed record PositiveBoxes(Tensor EdgeLogits, Tensor Points, Tensor Predicted, Tensor Targets)
{
    private const int Edges = 4;

    /// <summary>Bins of an edge, n+1.</summary>
    public int Bins => (int)EdgeLogits.Size(1) / Edges;

    /// <summary>Reads the positives' boxes from a batch of predictions, with gradient history.</summary>
    public static PositiveBoxes Read(DenseOutput output, PositiveTargets positives)
    {
        Tensor logits = positives.Selection.Gather([.. output.Levels.Select(l => l.BoxLogits)]);
        Tensor points = (positives.Priors.Narrow(1, 0, 2) + positives.Priors.Narrow(1, 2, 2)) / 2 / positives.Strides;
        Tensor predicted = BoxDistances.Decode(points, DistributionIntegral.Expectation(logits, Edges));
        return new PositiveBoxes(logits, points, predicted, positives.Boxes / positives.Strides);
    }

    /// <summary>True distances of the sides from the points, left, top, right, bottom, limited to [0, maximum], float [K, 4].</summary>
    public Tensor TargetDistances(double maximum = double.PositiveInfinity) => BoxDistances.Encode(Points, Targets, maximum);
}
