using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>Settings of a <see cref="GflHead"/>.</summary>
public sealed record GflHeadOptions
{
    /// <summary>Number of classes, at least 1.</summary>
    public int Classes { get; init; } = 80;

    /// <summary>Channels of the neck's maps.</summary>
    public int InChannels { get; init; } = 256;

    /// <summary>Channels of the towers.</summary>
    public int TowerChannels { get; init; } = 256;

    /// <summary>Convolutions in each tower, at least 1.</summary>
    public int TowerDepth { get; init; } = 4;

    /// <summary>n: distances run over the bins 0..n, in strides.</summary>
    public int LastBin { get; init; } = 16;

    /// <summary>Pyramid levels.</summary>
    public int Levels { get; init; } = 5;

    /// <summary>Groups of the towers' group normalisation; 0 for 32, or as many as fit.</summary>
    public int NormGroups { get; init; }
}

/// <summary>
/// Generalized Focal Loss head (Li et al. 2020): shared towers, class logits with localisation quality, and a distribution over
/// n+1 bins for each box edge, times a learnable factor of the level. Names: <c>cls_convs</c>, <c>reg_convs</c>, <c>gfl_cls</c>,
/// <c>gfl_reg</c>, <c>scales</c>, <c>integral</c>.
/// </summary>
public sealed class GflHead : DenseHead
{
    private const int Edges = 4;
    private readonly Sequential _classTower;
    private readonly Sequential _boxTower;
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly ModuleList<LevelScale> _scales;

    /// <summary>Builds the head: weights normal(0, 0.01), class biases -log(99).</summary>
    public GflHead(GflHeadOptions options)
    {
        Options = options;
        int channels = options.TowerChannels;
        _classTower = Register("cls_convs", HeadParts.Tower(options.InChannels, channels, options.TowerDepth, groups: options.NormGroups));
        _boxTower = Register("reg_convs", HeadParts.Tower(options.InChannels, channels, options.TowerDepth, groups: options.NormGroups));
        _classes = Register("gfl_cls", HeadParts.Classifier(channels, options.Classes));
        _boxes = Register("gfl_reg", HeadParts.Prediction(channels, Edges * (options.LastBin + 1)));
        _scales = Register("scales", HeadParts.Scales(options.Levels));
        Register("integral", new DistributionIntegral(options.LastBin));
    }

    /// <summary>Settings.</summary>
    public GflHeadOptions Options { get; }

    /// <inheritdoc/>
    public override DenseOutput Forward(IReadOnlyList<Tensor> features) =>
        new([.. features.Select((map, level) => Predict(map, _scales[level]))], features);

    private LevelOutput Predict(Tensor map, LevelScale scale)
    {
        using var scope = new TensorScope();
        Tensor classes = _classes.Forward(_classTower.Forward(map));
        Tensor boxes = scale.Forward(_boxes.Forward(_boxTower.Forward(map)));
        return new LevelOutput(scope.Keep(classes), scope.Keep(boxes));
    }
}
