using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>1x1 down to the width, 3x3 (in groups, Xie et al. 2017), 1x1 up to four times the planes.</summary>
public sealed class BottleneckBlock : ResidualBlock
{
    /// <summary>Output channels divided by planes.</summary>
    public const int Expansion = 4;

    private readonly Conv2d _conv1;
    private readonly Layer _conv2;
    private readonly Conv2d _conv3;
    private readonly Layer _norm1;
    private readonly Layer _norm2;
    private readonly Layer _norm3;

    /// <summary>Builds the block.</summary>
    /// <param name="block">What it is to do.</param>
    /// <param name="groups">Groups of the 3x3 convolution.</param>
    public BottleneckBlock(BlockSpecification block, int groups = 1)
    {
        string norm = Normalizations.Name(block.Norm);
        int outChannels = block.Planes * Expansion;
        int width = block.Width;
        _conv1 = Register("conv1", new Conv2d(block.InChannels, width, 1, block.FirstStride, bias: false));
        _norm1 = Register(norm + "1", Normalizations.Create(block.Norm, width));
        _conv2 = Register("conv2", block.Spatial(width, block.SpatialStride, groups));
        _norm2 = Register(norm + "2", Normalizations.Create(block.Norm, width));
        _conv3 = Register("conv3", new Conv2d(width, outChannels, 1, bias: false));
        _norm3 = Register(norm + "3", Normalizations.Create(block.Norm, outChannels));
        AddShortcut(block, outChannels);
    }

    /// <inheritdoc/>
    public override Layer LastNorm => _norm3;

    /// <inheritdoc/>
    protected override Tensor Residual(Tensor input)
    {
        Tensor hidden = _norm1.Forward(_conv1.Forward(input)).ReluInPlace();
        hidden = _norm2.Forward(_conv2.Forward(hidden)).ReluInPlace();
        return _norm3.Forward(_conv3.Forward(hidden));
    }
}
