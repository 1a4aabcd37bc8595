using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>What one residual block is to do; every family of blocks is built from it.</summary>
/// <param name="Stage">1 to 4.</param>
/// <param name="Index">Place within the stage, from 0.</param>
/// <param name="InChannels">Channels that come in.</param>
/// <param name="Planes">The stage's base channels: 64, 128, 256, 512 times the width.</param>
/// <param name="Width">Channels of its 3x3 convolution, or of each of several.</param>
/// <param name="Stride">1, or 2 where the map is halved.</param>
/// <param name="Style">Place of the stride in bottlenecks.</param>
/// <param name="Norm">Batch or Group.</param>
/// <param name="AverageDown">Whether a strided shortcut averages before its 1x1 convolution, which then has stride 1.</param>
/// <param name="Deformable">Deformable convolutions of this block, or null.</param>
public sealed record BlockSpecification(
    int Stage, int Index, int InChannels, int Planes, int Width, int Stride, ResNetStyle Style, NormalizationKind Norm, bool AverageDown =
        false, DeformableOptions? Deformable = null)
{
    /// <summary>The stride of a bottleneck's first 1x1 convolution.</summary>
    public int FirstStride => Style == ResNetStyle.Caffe ? Stride : 1;

    /// <summary>The stride of a bottleneck's 3x3 convolution.</summary>
    public int SpatialStride => Style == ResNetStyle.Caffe ? 1 : Stride;

    /// <summary>A 3x3 convolution that keeps the size at stride 1; deformable where the block is to have that.</summary>
    public Layer Spatial(int channels, int stride, int groups = 1) =>
        Deformable is { } options
            ? new DeformConv2d(channels, channels, 3, options.Version == 2, stride, 1, groups: groups, offsetGroups: options.Groups)
            : new Conv2d(channels, channels, 3, stride, 1, groups: groups, bias: false);
}

/// <summary>A family of residual blocks: how much wider its output is than its planes, and how to build one.</summary>
/// <param name="Expansion">Output channels divided by planes.</param>
/// <param name="Width">Channels of the 3x3 convolution by planes.</param>
/// <param name="Build">Builds one block.</param>
public sealed record BlockFamily(int Expansion, Func<int, int> Width, Func<BlockSpecification, ResidualBlock> Build)
{
    /// <summary>Planes of the first stage at full width, which base widths are given for.</summary>
    private const int ReferencePlanes = 64;

    /// <summary>Two 3x3 convolutions: depths 18 and 34.</summary>
    public static BlockFamily Basic { get; } = new(1, planes => planes, s => new BasicBlock(s));

    /// <summary>1x1, 3x3, 1x1: depths 50 and 101.</summary>
    public static BlockFamily Bottleneck { get; } = new(BottleneckBlock.Expansion, planes => planes, s => new BottleneckBlock(s));

    /// <summary>Bottlenecks whose 3x3 convolution works in groups (Xie et al. 2017, ResNeXt).</summary>
    /// <param name="groups">Groups, the "32" of 32x4d.</param>
    /// <param name="baseWidth">Channels of a group where there are 64 planes, the "4" of 32x4d; a single group has the planes
    /// themselves.</param>
    public static BlockFamily Grouped(int groups, int baseWidth) =>
        new(BottleneckBlock.Expansion, planes => groups == 1 ? planes
            : planes * baseWidth / ReferencePlanes * groups, s => new BottleneckBlock(s, groups));

    /// <summary>Bottlenecks whose 3x3 convolution is a chain over slices of the channels (Gao et al. 2019, Res2Net).</summary>
    /// <param name="scales">Slices, the "4s" of 26w-4s.</param>
    /// <param name="baseWidth">Channels of a slice where there are 64 planes, the "26w" of 26w-4s.</param>
    public static BlockFamily MultiScale(int scales, int baseWidth) =>
        new(BottleneckBlock.Expansion, planes => planes * baseWidth / ReferencePlanes, s => new MultiScaleBlock(s, scales));
}

/// <summary>
/// relu(F(x) + shortcut(x)) (He et al. 2016); a family defines F. The shortcut is the identity, or a strided 1x1 convolution with
/// normalisation named <c>downsample.0</c> and <c>downsample.1</c> where the shapes differ. With averaging (He et al. 2019, "ResNet-D") an
/// average over the stride's window comes first, and the names are <c>downsample.1</c> and <c>downsample.2</c>.
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
            Layer norm = Normalizations.Create(block.Norm, outChannels);
            _shortcut = Register("downsample", block.AverageDown
                ? new Sequential(
                    new AveragePool2d(block.Stride, block.Stride, ceilMode: true, countPadding: false),
                    new Conv2d(block.InChannels, outChannels, 1, bias: false),
                    norm)
                : new Sequential(new Conv2d(block.InChannels, outChannels, 1, block.Stride, bias: false), norm));
        }
    }
}
