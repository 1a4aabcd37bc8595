using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>Focal loss (Lin et al., Focal Loss for Dense Object Detection, Eq. 5) with one sigmoid a class.</summary>
public static class SigmoidFocalLoss
{
    /// <summary>Loss of each class of each row, float [P, C]; the caller weighs and reduces.</summary>
    /// <param name="logits">Float [P, C].</param>
    /// <param name="labels">Class of each row, int64 [P]; C for background.</param>
    /// <param name="alpha">Weight of the foreground, that of the background being 1 - alpha; in [0, 1].</param>
    /// <param name="gamma">Exponent of the weighting, at least 0.</param>
    public static Tensor Elements(Tensor logits, Tensor labels, double alpha = 0.25, double gamma = 2)
    {
        long classes = logits.Size(1);
        Tensor target = labels.OneHot(classes + 1).Narrow(1, 0, classes).To(logits.Type);
        Tensor probability = logits.Sigmoid();
        Tensor miss = ((1.0 - probability) * target) + (probability * (1.0 - target));
        Tensor balance = (target * alpha) + ((1.0 - target) * (1 - alpha));
        Tensor focus = gamma == 2 ? miss.Square() : miss.Pow(gamma);
        return Functional.BinaryCrossEntropyWithLogits(logits, target) * (balance * focus);
    }

    /// <summary>Sum over a map of head outputs as if every prior were background, scalar [].</summary>
    /// <param name="map">Logits, float [N, A*C, H, W].</param>
    /// <param name="weight">Weight of each prior, float [N, P], P in the order row, column, anchor.</param>
    /// <param name="perCell">Anchors per cell, A.</param>
    /// <param name="alpha">Weight of the foreground, that of the background being 1 - alpha; in [0, 1].</param>
    /// <param name="gamma">Exponent of the weighting, at least 0.</param>
    public static Tensor BackgroundSum(Tensor map, Tensor weight, int perCell = 1, double alpha = 0.25, double gamma = 2) =>
        // Against a target of zero, focal and quality focal loss are the same but for alpha.
        QualityFocalLoss.BackgroundSum(map, weight, perCell, gamma) * (1 - alpha);

    /// <summary>What is to be added to the background's loss at the class of an object, element by element.</summary>
    /// <param name="logits">Float, any shape.</param>
    /// <param name="alpha">Weight of the foreground, that of the background being 1 - alpha; in [0, 1].</param>
    /// <param name="gamma">Exponent of the weighting, at least 0.</param>
    public static Tensor Difference(Tensor logits, double alpha = 0.25, double gamma = 2) =>
        (Missed(-logits, gamma) * alpha) - (Missed(logits, gamma) * (1 - alpha));

    // Loss, without alpha, of a score whose target is zero.
    private static Tensor Missed(Tensor logits, double gamma)
    {
        Tensor probability = logits.Sigmoid();
        return logits.Softplus() * (gamma == 2 ? probability.Square() : probability.Pow(gamma));
    }
}
