using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>How the overlap of a <see cref="KalmanFilterIouLoss"/> becomes a loss.</summary>
public enum KalmanFilterIouMap
{
    /// <summary>1 - overlap.</summary>
    None,

    /// <summary>-ln(overlap).</summary>
    Ln,

    /// <summary>exp(1 - overlap) - 1.</summary>
    Exp,
}

/// <summary>
/// KFIoU (Yang et al., The KFIoU Loss for Rotated Object Detection, Eq. 4 and 5): smooth L1 of the centres, and the overlap of the two
/// boxes' Gaussian distributions as if they had the same centre.
/// </summary>
public static class KalmanFilterIouLoss
{
    private const double Beta = 1.0 / 9;
    private const double Epsilon = 1e-6;

    /// <summary>Loss of each box, float [K]; the caller weighs and reduces.</summary>
    /// <param name="deltas">Predicted deltas, of which the first two are those of the centre, float [K, 5].</param>
    /// <param name="targetDeltas">Float [K, 5].</param>
    /// <param name="predictions">The decoded predictions, float [K, 5].</param>
    /// <param name="targets">Float [K, 5].</param>
    /// <param name="map">What becomes of the overlap.</param>
    public static Tensor Rows(Tensor deltas, Tensor targetDeltas, Tensor predictions, Tensor targets,
        KalmanFilterIouMap map = KalmanFilterIouMap.None)
    {
        Tensor centres = AbsoluteLoss.SmoothL1(deltas.Narrow(1, 0, 2), targetDeltas.Narrow(1, 0, 2), Beta).Sum([1]);
        Tensor overlap = Overlap(BoxGaussians.Of(predictions), BoxGaussians.Of(targets));
        Tensor shapes = map switch
        {
            KalmanFilterIouMap.Ln => -(overlap + Epsilon).Log(),
            KalmanFilterIouMap.Exp => (1 - overlap).Exp() - 1,
            _ => 1 - overlap,
        };
        return (centres + shapes).Clamp(min: 0);
    }

    // The Kalman filter's fused covariance P (P + T)^-1 T has the determinant |P| |T| / |P + T|; volumes are four roots of determinants.
    private static Tensor Overlap(BoxGaussians p, BoxGaussians t)
    {
        Tensor fused = p.Root * t.Root / p.DeterminantOfSum(t).Sqrt() * 4;
        return fused / ((p.Root * 4) + (t.Root * 4) - fused + Epsilon);
    }
}
