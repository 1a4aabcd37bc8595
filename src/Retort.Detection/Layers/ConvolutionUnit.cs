using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Layers;

/// <summary>
/// A convolution, then normalisation, then ReLU, where wanted. Parameters: <c>conv.weight</c>, <c>conv.bias</c> (only without
/// normalisation) and <c>gn.*</c> or <c>bn.*</c>.
/// </summary>
public sealed class ConvolutionUnit : Layer
{
    private readonly Layer? _norm;
    private readonly bool _relu;

    /// <summary>Makes the unit; the padding keeps the size at stride one.</summary>
    public ConvolutionUnit(
        int inChannels, int outChannels, int kernel, int stride = 1, NormalizationKind norm = NormalizationKind.None, int groups =
            0, bool relu = false)
    {
        bool normalized = norm != NormalizationKind.None;
        Convolution = Register("conv", new Conv2d(inChannels, outChannels, kernel, stride, kernel / 2, bias: !normalized));
        _norm = normalized ? Register(Normalizations.Name(norm), Normalizations.Create(norm, outChannels, groups)) : null;
        _relu = relu;
    }

    /// <summary>The convolution, for its initial values.</summary>
    public Conv2d Convolution { get; }

    /// <summary>[N, in, H, W] to [N, out, H/stride, W/stride].</summary>
    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        Tensor output = Convolution.Forward(input);
        output = _norm?.Forward(output) ?? output;
        // In place: neither convolution nor normalisation needs its own output for its gradient.
        return scope.Keep(_relu ? output.ReluInPlace() : output);
    }
}
