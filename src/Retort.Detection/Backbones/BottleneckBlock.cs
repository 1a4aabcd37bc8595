using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>1x1 down to the planes, 3x3, 1x1 up to four times the planes.</summary>
public sealed class BottleneckBlock : ResidualBlock
{
    /// <summary>Output channels divided by planes.</summary>
    public const int Expansion = 4;

    private readonly Conv2d _conv1;
    private readonly Conv2d _conv2;
    private readonly Conv2d _conv3;
    private readonly Layer _norm1;
    private readonly Layer _norm2;
    private readonly Layer _norm3;

    /// <summary>Builds the block.</summary>
    public BottleneckBlock(BlockSpecification block)
    {
        bool caffe = block.Style == ResNetStyle.Caffe;
        string norm = Normalizations.Name(block.Norm);
        int outChannels = block.Planes * Expansion;
        _conv1 = Register("conv1", new Conv2d(block.InChannels, block.Planes, 1, caffe ? block.Stride : 1, bias: false));
        _norm1 = Register(norm + "1", Normalizations.Create(block.Norm, block.Planes));
        _conv2 = Register("conv2", new Conv2d(block.Planes, block.Planes, 3, caffe ? 1 : block.Stride, 1, bias: false));
        _norm2 = Register(norm + "2", Normalizations.Create(block.Norm, block.Planes));
        _conv3 = Register("conv3", new Conv2d(block.Planes, outChannels, 1, bias: false));
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
