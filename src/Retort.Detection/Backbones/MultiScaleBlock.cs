using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Backbones;

/// <summary>
/// A bottleneck whose 3x3 convolution is a chain over slices of the channels (Gao et al. 2019, Res2Net): each slice but the last is
/// convolved, together with the result of the slice before it. In a stage's first block the slices do not see each other, and the last is
/// averaged where the map is halved. Names: <c>conv1</c>, <c>conv3</c>, <c>convs.k</c>, <c>bns.k</c>.
/// </summary>
public sealed class MultiScaleBlock : ResidualBlock
{
    private readonly int _width;
    private readonly bool _first;
    private readonly Conv2d _conv1;
    private readonly Conv2d _conv3;
    private readonly Layer _norm1;
    private readonly Layer _norm3;
    private readonly AveragePool2d? _pool;
    private readonly ModuleList<Layer> _convs;
    private readonly ModuleList<Layer> _norms;

    /// <summary>Builds the block.</summary>
    /// <param name="block">What it is to do.</param>
    /// <param name="scales">Slices, at least 2.</param>
    public MultiScaleBlock(BlockSpecification block, int scales)
    {
        string norm = Normalizations.Name(block.Norm);
        int outChannels = block.Planes * BottleneckBlock.Expansion;
        _width = block.Width;
        _first = block.Index == 0;
        _conv1 = Register("conv1", new Conv2d(block.InChannels, _width * scales, 1, block.FirstStride, bias: false));
        _norm1 = Register(norm + "1", Normalizations.Create(block.Norm, _width * scales));
        _conv3 = Register("conv3", new Conv2d(_width * scales, outChannels, 1, bias: false));
        _norm3 = Register(norm + "3", Normalizations.Create(block.Norm, outChannels));
        AddShortcut(block, outChannels);
        _pool = _first && block.SpatialStride != 1 ? new AveragePool2d(3, block.SpatialStride, 1) : null;
        _convs = Register("convs", new ModuleList<Layer>(Enumerable.Range(1, scales - 1)
            .Select(_ => block.Spatial(_width, block.SpatialStride))));
        _norms = Register(norm + "s", new ModuleList<Layer>(Enumerable.Range(1, scales - 1)
            .Select(_ => Normalizations.Create(block.Norm, _width))));
    }

    /// <inheritdoc/>
    public override Layer LastNorm => _norm3;

    /// <inheritdoc/>
    protected override Tensor Residual(Tensor input)
    {
        Tensor hidden = _norm1.Forward(_conv1.Forward(input)).ReluInPlace();
        Tensor[] slices = hidden.Split([.. Enumerable.Repeat((long)_width, _convs.Count + 1)], 1);
        for (int k = 0; k < _convs.Count; k++)
        {
            Tensor slice = k == 0 || _first ? slices[k] : slices[k] + slices[k - 1];
            slices[k] = _norms[k].Forward(_convs[k].Forward(slice)).ReluInPlace();
        }

        slices[^1] = _pool?.Forward(slices[^1]) ?? slices[^1];
        return _norm3.Forward(_conv3.Forward(Tensor.Cat(slices, 1)));
    }
}
