using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>Losses of plain differences.</summary>
public static class AbsoluteLoss
{
    /// <summary>|prediction - target|, element by element.</summary>
    public static Tensor L1(Tensor predictions, Tensor targets) => (predictions - targets).Abs();

    /// <summary>
    /// Smooth L1 (Girshick, Fast R-CNN, Eq. 3): a parabola below beta and |difference| - beta/2 above it, element by element.
    /// </summary>
    /// <param name="predictions">Float, any shape.</param>
    /// <param name="targets">The same shape.</param>
    /// <param name="beta">Where the parabola ends, above zero.</param>
    public static Tensor SmoothL1(Tensor predictions, Tensor targets, double beta = 1)
    {
        Tensor difference = L1(predictions, targets);
        return Tensor.Where(difference.Lt(beta), difference.Square() * (0.5 / beta), difference - (0.5 * beta));
    }
}
