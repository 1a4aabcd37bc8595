using Retort.Torch;

namespace Retort.Detection.Losses;

/// <summary>Cross-entropy of predicted against true centerness (Tian et al., FCOS, Eq. 3).</summary>
public static class CenternessLoss
{
    /// <summary>Loss of each prior, float [K]; the caller weighs and reduces.</summary>
    /// <param name="logits">Float [K].</param>
    /// <param name="targets">True centerness in [0, 1], float [K].</param>
    public static Tensor Elements(Tensor logits, Tensor targets) => Functional.BinaryCrossEntropyWithLogits(logits, targets);

    /// <summary>True centerness: the root of (nearer over farther side) across and down, float [K].</summary>
    /// <param name="distances">Distances to the left, top, right and bottom side, all above zero, any unit, float [K, 4].</param>
    public static Tensor Targets(Tensor distances)
    {
        (Tensor near, Tensor far) = (Tensor.Minimum(distances.Narrow(1, 0, 2), distances.Narrow(1, 2, 2)),
            Tensor.Maximum(distances.Narrow(1, 0, 2), distances.Narrow(1, 2, 2)));
        Tensor ratio = near / far;
        return (ratio.Select(1, 0) * ratio.Select(1, 1)).Sqrt();
    }
}
