namespace Retort.Torch.Modules;

/// <summary>Two-dimensional convolution. Parameters: weight [out, in/groups, k, k] and, with bias, bias [out].</summary>
public sealed class Conv2d : Layer
{
    private readonly int _stride;
    private readonly int _padding;
    private readonly int _dilation;
    private readonly int _groups;

    /// <summary>Makes the layer; the weight starts Kaiming-normal (fan out, ReLU), the bias zero.</summary>
    public Conv2d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1,
        bool bias = true)
    {
        (_stride, _padding, _dilation, _groups) = (stride, padding, dilation, groups);
        Weight = RegisterParameter("weight", Tensor.Empty([outChannels, inChannels / groups, kernel, kernel]));
        Bias = bias ? RegisterParameter("bias", Tensor.Zeros([outChannels])) : null;
        Initialization.KaimingNormal(Weight);
    }

    /// <summary>[out, in/groups, k, k].</summary>
    public Tensor Weight { get; }

    /// <summary>[out], or null.</summary>
    public Tensor? Bias { get; }

    /// <summary>Step of the window, pixels.</summary>
    public int Stride => _stride;

    /// <summary>Zeros added on each side, pixels.</summary>
    public int Padding => _padding;

    /// <summary>Distance between taps, pixels.</summary>
    public int Dilation => _dilation;

    /// <summary>Number of channel groups.</summary>
    public int Groups => _groups;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => Functional.Conv2d(input, Weight, Bias, _stride, _padding, _dilation, _groups);
}
