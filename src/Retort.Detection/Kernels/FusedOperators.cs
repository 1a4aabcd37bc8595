using Retort.Torch;

namespace Retort.Detection.Kernels;

/// <summary>
/// Losses and selections as single operators of the bridge, with analytic gradients (once differentiable). They exist for single and double
/// precision on the CPU (see <see cref="IsSupported"/>); elsewhere callers compose them of libtorch's operators, which is what a
/// GPU does well. Results do not depend on the thread count.
/// </summary>
public static class FusedOperators
{
    private static readonly TorchOperator s_klDivergence = new("retort::kl_divergence");
    private static readonly TorchOperator s_distributionFocal = new("retort::distribution_focal");
    private static readonly TorchOperator s_qualityBackground = new("retort::quality_background");
    private static readonly TorchOperator s_gatherCells = new("retort::gather_cells");

    /// <summary>Whether the operators take such tensors.</summary>
    public static bool IsSupported(Tensor tensor) =>
        tensor.Device.Type == DeviceType.Cpu && tensor.Type is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>
    /// T^2 * sum of q (log q - log p) for each row, where q is the teacher's and p the student's softmax at temperature T; float [M].
    /// </summary>
    /// <param name="student">Logits, float [M, B].</param>
    /// <param name="teacher">Logits, float [M, B]; without gradient.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="mean">Mean over the B bins instead of the sum.</param>
    public static Tensor KullbackLeibler(Tensor student, Tensor teacher, double temperature, bool mean) =>
        s_klDivergence.Call(student, teacher, temperature, mean);

    /// <summary>Distribution focal loss of each row (Li et al. 2020, Eq. 6), float [M].</summary>
    /// <param name="logits">Float [M, n+1].</param>
    /// <param name="distances">True distance in bins, in [0, n], float [M]; without gradient.</param>
    public static Tensor DistributionFocal(Tensor logits, Tensor distances) => s_distributionFocal.Call(logits, distances);

    /// <summary>
    /// Sum of weight * softplus(z) * sigmoid(z)^2 over a map: the quality focal loss of beta 2 with every prior as background; [].
    /// </summary>
    /// <param name="map">Class logits, float [N, A*C, H, W], anchor-major.</param>
    /// <param name="weight">Weight of each prior in the order row, column, anchor, float [N, H*W*A].</param>
    /// <param name="perCell">Anchors a cell, A.</param>
    public static Tensor QualityBackground(Tensor map, Tensor weight, int perCell) => s_qualityBackground.Call(map, weight, perCell);

    /// <summary>The channels of some priors, float [K, D]; gradients are added up where a prior is selected twice.</summary>
    /// <param name="map">Float [N, A*D, H, W], anchor-major.</param>
    /// <param name="coordinates">Image, anchor, row and column of each prior, int64 [4, K].</param>
    /// <param name="perCell">Anchors a cell, A.</param>
    public static Tensor GatherCells(Tensor map, Tensor coordinates, int perCell) => s_gatherCells.Call(map, coordinates, perCell);
}
