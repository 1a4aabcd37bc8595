namespace Retort.Torch.Modules;

/// <summary>
/// A convolution whose taps move: an ordinary convolution <c>conv_offset</c> on the same input predicts an offset (and, modulated, a
/// factor) for every tap and output. See <see cref="DeformableConvolution"/>. Parameters: weight [out, in/groups, k, k],
/// conv_offset.weight, conv_offset.bias.
/// </summary>
public sealed class DeformConv2d : Layer
{
    private readonly Conv2d _offset;
    private readonly (int Stride, int Padding, int Dilation, int Groups, int OffsetGroups) _geometry;

    /// <summary>
    /// Makes the layer: the weight Kaiming-normal, the offsets zero, so that it begins as an ordinary convolution (modulated: half of one).
    /// </summary>
    /// <param name="inChannels">Channels that come in.</param>
    /// <param name="outChannels">Channels that go out.</param>
    /// <param name="kernel">Taps along each axis.</param>
    /// <param name="modulated">Version 2: every sample has a factor, sigmoid of a prediction.</param>
    /// <param name="stride">Pixels.</param>
    /// <param name="padding">Pixels.</param>
    /// <param name="dilation">Pixels between taps.</param>
    /// <param name="groups">Groups of the weight.</param>
    /// <param name="offsetGroups">Groups of channels with offsets of their own.</param>
    public DeformConv2d(int inChannels, int outChannels, int kernel, bool modulated, int stride = 1, int padding = 0, int dilation = 1,
        int groups = 1, int offsetGroups = 1)
    {
        _geometry = (stride, padding, dilation, groups, offsetGroups);
        Modulated = modulated;
        Weight = RegisterParameter("weight", Tensor.Empty([outChannels, inChannels / groups, kernel, kernel]));
        Initialization.KaimingNormal(Weight);
        int predicted = (modulated ? 3 : 2) * offsetGroups * kernel * kernel;
        _offset = Register("conv_offset", new Conv2d(inChannels, predicted, kernel, stride, padding, dilation));
        Initialization.Constant(_offset.Weight, 0);
    }

    /// <summary>[out, in/groups, k, k].</summary>
    public Tensor Weight { get; }

    /// <summary>Whether every sample has a factor.</summary>
    public bool Modulated { get; }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        (int stride, int padding, int dilation, int groups, int offsetGroups) = _geometry;
        Tensor predicted = _offset.Forward(input), offset = predicted;
        Tensor? modulation = null;
        if (Modulated)
        {
            // Two thirds are offsets in the order of the operator, one third the factors.
            long factors = predicted.Size(1) / 3;
            offset = predicted.Narrow(1, 0, 2 * factors);
            modulation = predicted.Narrow(1, 2 * factors, factors).Sigmoid();
        }

        return scope.Keep(DeformableConvolution.Apply(input, Weight, offset, modulation, stride, padding, dilation, groups, offsetGroups));
    }
}
