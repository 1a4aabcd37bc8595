using Retort.Detection.Kernels;
using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>
/// Quality focal loss (Li et al., Generalized Focal Loss, Eq. 4): cross-entropy against the quality of the box (its IoU with the object)
/// at the object's class and against zero elsewhere, weighted by the difference of score and target to the power of beta.
/// </summary>
public static class QualityFocalLoss
{
    private static readonly TorchOperator s_bce = new("aten::binary_cross_entropy");

    /// <summary>Loss of each row, float [P]; the caller weighs and reduces.</summary>
    /// <param name="predictions">Float [P, C]: logits, or probabilities where <paramref name="areLogits"/> is false.</param>
    /// <param name="labels">Class of each row, int64 [P]; C for background.</param>
    /// <param name="quality">Target score of each row in [0, 1], float [P]; not used for background.</param>
    /// <param name="beta">Exponent of the weighting, at least 0; the paper's is 2.</param>
    /// <param name="areLogits">Whether a sigmoid is still to be taken.</param>
    public static Tensor Rows(Tensor predictions, Tensor labels, Tensor quality, double beta = 2, bool areLogits = true)
    {
        long classes = predictions.Size(1);
        Tensor foreground = labels.Lt(classes).To(predictions.Type);
        Tensor column = labels.Clamp(max: classes - 1).Unsqueeze(1);
        Tensor difference = Difference(predictions.Gather(1, column).Squeeze(1), quality, beta, areLogits);
        return Background(predictions, beta, areLogits).Sum([1]) + (difference * foreground);
    }

    /// <summary>Sum over a map of head outputs as if every prior were background, scalar [].</summary>
    /// <param name="map">Float [N, A*C, H, W]: logits, or probabilities where <paramref name="areLogits"/> is false.</param>
    /// <param name="weight">Weight of each prior, float [N, P], P in the order row, column, anchor.</param>
    /// <param name="perCell">Anchors per cell, A.</param>
    /// <param name="beta">Exponent of the weighting.</param>
    /// <param name="areLogits">Whether a sigmoid is still to be taken.</param>
    public static Tensor BackgroundSum(Tensor map, Tensor weight, int perCell = 1, double beta = 2, bool areLogits = true)
    {
        if (areLogits && beta == 2 && map.Type == weight.Type && FusedOperators.IsSupported(map))
        {
            return FusedOperators.QualityBackground(map, weight, perCell);
        }

        long[] shape = map.Shape;
        Tensor loss = Background(map, beta, areLogits);
        if (perCell == 1)
        {
            return (loss * weight.Reshape(shape[0], 1, shape[2], shape[3])).Sum();
        }

        Tensor anchors = weight.Reshape(shape[0], shape[2], shape[3], perCell).Permute(0, 3, 1, 2).Unsqueeze(2);
        return (loss.Reshape(shape[0], perCell, shape[1] / perCell, shape[2], shape[3]) * anchors).Sum();
    }

    /// <summary>What is to be added to the background's loss of a score that has a target, element by element.</summary>
    /// <param name="score">Logits, or probabilities where <paramref name="areLogits"/> is false; float [K].</param>
    /// <param name="quality">Targets in [0, 1], without gradient, float [K].</param>
    /// <param name="beta">Exponent of the weighting.</param>
    /// <param name="areLogits">Whether a sigmoid is still to be taken.</param>
    public static Tensor Difference(Tensor score, Tensor quality, double beta = 2, bool areLogits = true)
    {
        Tensor probability = areLogits ? score.Sigmoid() : score;
        Tensor loss = CrossEntropy(score, quality, areLogits) * Power((quality - probability).Abs(), beta);
        return loss - Background(score, beta, areLogits);
    }

    private static Tensor Background(Tensor score, double beta, bool areLogits) => areLogits
        ? score.Softplus() * Power(score.Sigmoid(), beta)
        : CrossEntropy(score, score.ZerosLike(), areLogits) * Power(score, beta);

    private static Tensor CrossEntropy(Tensor score, Tensor target, bool areLogits) =>
        areLogits ? Functional.BinaryCrossEntropyWithLogits(score, target) : s_bce.Call(score, target, Argument.None, 0);

    // A square is far cheaper than a power, and beta is 2 almost always.
    private static Tensor Power(Tensor x, double beta) => beta == 2 ? x.Square() : x.Pow(beta);
}
