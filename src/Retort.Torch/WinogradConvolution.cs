using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>
/// 3x3 convolution with stride and padding 1 by Winograd's F(4x4, 3x3) (Lavin and Gray 2016), result and both gradients: a quarter of the
/// multiplications. Single precision on the processor.
/// </summary>
/// <remarks>
/// Results differ from libtorch's in the last digits and do not depend on the thread count. Gradients that need a gradient themselves are
/// libtorch's.
/// </remarks>
public static class WinogradConvolution
{
    private const int MinimumChannels = 32;

    // Fewer tiles of 4x4 results than this do not pay for the transform of the weights, which are new in every step.
    private const long MinimumTiles = 32;

    private static readonly TorchOperator s_convolution = new("retort::winograd_conv2d");

    /// <summary>Whether a convolution is of this kind, is trained, and is large enough to be faster in this way.</summary>
    /// <remarks>Networks without gradients are compiled, and the compiler knows libtorch's convolution only.</remarks>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="weight">[Cout, C/groups, kh, kw].</param>
    /// <param name="stride">Pixels.</param>
    /// <param name="padding">Pixels.</param>
    /// <param name="dilation">Pixels.</param>
    /// <param name="groups">Groups of the weight.</param>
    public static bool Suits(Tensor input, Tensor weight, int stride, int padding, int dilation, int groups) =>
        (stride, padding, dilation, groups) == (1, 1, 1, 1)
        && NativeMethods.retort_grad_mode_get() != 0
        && IsSingle(input) && IsSingle(weight)
        && input.Dim == 4 && weight.Size(2) == 3 && weight.Size(3) == 3
        && weight.Size(0) >= MinimumChannels && weight.Size(1) >= MinimumChannels
        && input.Size(0) * ((input.Size(2) + 3) / 4) * ((input.Size(3) + 3) / 4) >= MinimumTiles;

    /// <summary>Applies the convolution; [N, Cout, H, W].</summary>
    /// <param name="input">Float [N, C, H, W], on the processor.</param>
    /// <param name="weight">Float [Cout, C, 3, 3].</param>
    /// <param name="bias">Float [Cout], or null.</param>
    /// <exception cref="TorchException">The shapes do not fit each other.</exception>
    public static Tensor Apply(Tensor input, Tensor weight, Tensor? bias = null) => Apply(input, weight, bias, int.MaxValue);

    /// <summary>As the other, with vectors of at most so many floats.</summary>
    internal static Tensor Apply(Tensor input, Tensor weight, Tensor? bias, int lanes) => s_convolution.Call(input, weight, bias, lanes);

    private static bool IsSingle(Tensor tensor) => tensor.Type == ScalarType.Float32 && tensor.Device.Type == DeviceType.Cpu;
}
