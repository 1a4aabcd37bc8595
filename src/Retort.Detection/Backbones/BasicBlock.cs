using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>Two 3x3 convolutions, the first with the stride. The second is the deformable one, if requested.</summary>
public sealed class BasicBlock : ResidualBlock
{
    private readonly Conv2d _conv1;
    private readonly Layer _conv2;
    private readonly Layer _norm1;
    private readonly Layer _norm2;

    /// <summary>Builds the block.</summary>
    public BasicBlock(BlockSpecification block)
    {
        string norm = Normalizations.Name(block.Norm);
        _conv1 = Register("conv1", new Conv2d(block.InChannels, block.Planes, 3, block.Stride, 1, bias: false));
        _norm1 = Register(norm + "1", Normalizations.Create(block.Norm, block.Planes));
        _conv2 = Register("conv2", block.Spatial(block.Planes, 1));
        _norm2 = Register(norm + "2", Normalizations.Create(block.Norm, block.Planes));
        AddShortcut(block, block.Planes);
    }

    /// <inheritdoc/>
    public override Layer LastNorm => _norm2;

    /// <inheritdoc/>
    protected override Tensor Residual(Tensor input)
    {
        Tensor hidden = _norm1.Forward(_conv1.Forward(input)).ReluInPlace();
        return _norm2.Forward(_conv2.Forward(hidden));
    }
}
