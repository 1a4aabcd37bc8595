using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>What one residual block is to do; every family of blocks is built from it.</summary>
/// <param name="Stage">1 to 4.</param>
/// <param name="Index">Place within the stage, from 0.</param>
/// <param name="InChannels">Channels that come in.</param>
/// <param name="Planes">The stage's base channels: 64, 128, 256, 512 times the width.</param>
/// <param name="Stride">1, or 2 where the map is halved.</param>
/// <param name="Style">Place of the stride in bottlenecks.</param>
/// <param name="Norm">Batch or Group.</param>
public sealed record BlockSpecification(int Stage, int Index, int InChannels, int Planes, int Stride, ResNetStyle Style, NormalizationKind Norm);

/// <summary>A family of residual blocks: how much wider its output is than its planes, and how to build one.</summary>
/// <param name="Expansion">Output channels divided by planes.</param>
/// <param name="Build">Builds one block.</param>
public sealed record BlockFamily(int Expansion, Func<BlockSpecification, ResidualBlock> Build)
{
    /// <summary>Two 3x3 convolutions: depths 18 and 34.</summary>
    public static BlockFamily Basic { get; } = new(1, s => new BasicBlock(s));

    /// <summary>1x1, 3x3, 1x1: depths 50 and 101.</summary>
    public static BlockFamily Bottleneck { get; } = new(BottleneckBlock.Expansion, s => new BottleneckBlock(s));
}

/// <summary>
/// relu(F(x) + shortcut(x)) (He et al. 2016); a family defines F. The shortcut is the identity, or a strided 1x1 convolution with
/// normalisation named <c>downsample.0</c> and <c>downsample.1</c> where the shapes differ.
/// </summary>
public abstract class ResidualBlock : Layer
{
    private Layer? _shortcut;

    /// <summary>The last normalisation layer of F, for its initial gain.</summary>
    public abstract Layer LastNorm { get; }

    /// <summary>F: the sum's first part; must be a new tensor, which is overwritten.</summary>
    protected abstract Tensor Residual(Tensor input);

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor input)
    {
        using var scope = new TensorScope();
        Tensor shortcut = _shortcut?.Forward(input) ?? input;
        return scope.Keep(Residual(input).AddInPlace(shortcut).ReluInPlace());
    }

    /// <summary>Registers the shortcut; call it after the layers of F, as the order of names in checkpoints asks.</summary>
    protected void AddShortcut(BlockSpecification block, int outChannels)
    {
        if (block.Stride != 1 || block.InChannels != outChannels)
        {
            _shortcut = Register("downsample", new Sequential(
                new Conv2d(block.InChannels, outChannels, 1, block.Stride, bias: false),
                Normalizations.Create(block.Norm, outChannels)));
        }
    }
}
