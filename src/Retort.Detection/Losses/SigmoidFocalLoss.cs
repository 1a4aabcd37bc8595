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
}
