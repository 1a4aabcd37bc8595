using Retort.Core.Options;
using Retort.Core;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Heads;

/// <summary>
/// A dense head on shared towers: class logits, and a distribution over n+1 bins for each box edge (Li et al. 2020, Generalized Focal
/// Loss); with them, as the detector wants, a learnable factor of each level, centerness from the box tower, or the quality of a box
/// predicted from its distributions (Li et al. 2021, Generalized Focal Loss V2). GFL, GFLv2, ATSS, FCOS and RetinaNet in their distribution
/// forms, for upright and for rotated boxes, differ in settings only. Names: <c>cls_convs</c>, <c>reg_convs</c>, those of the predicting
/// convolutions, <c>scales</c>, <c>reg_conf</c>, <c>integral</c>.
/// </summary>
public sealed class DistributionHead : DenseHead
{
    private readonly Sequential _classTower;
    private readonly Sequential _boxTower;
    private readonly Conv2d _classes;
    private readonly Conv2d _boxes;
    private readonly Conv2d? _centerness;
    private readonly ModuleList<LevelScale>? _scales;
    private readonly DistributionQuality? _quality;

    /// <summary>Builds the head: weights normal(0, 0.01), class biases -log(99).</summary>
    /// <exception cref="ArgumentException">There is a quality predictor and not one prior per cell.</exception>
    /// <exception cref="OptionException">A setting is out of its range.</exception>
    public DistributionHead(DistributionHeadOptions options)
    {
        OptionRules.Check(options);
        if (options is QualityHeadOptions { AnchorsPerCell: not 1 })
        {
            throw new ArgumentException("the quality of boxes is predicted for one prior per cell", nameof(options));
        }

        Options = options;
        (int channels, int anchors) = (options.Channels, options.AnchorsPerCell);
        Outputs = new HeadOutputs(
            anchors * (options.Classes + (options.HasBackground ? 1 : 0)),
            anchors * options.Edges * (options.RegMax + 1),
            anchors,
            options.Names.Centerness is not null,
            options is QualityHeadOptions);
        _classTower = Register("cls_convs", Tower(options));
        _boxTower = Register("reg_convs", Tower(options));
        _classes = Register(options.Names.Classes, HeadParts.Classifier(channels, Outputs.ClassChannels));
        _boxes = Register(options.Names.Boxes, HeadParts.Prediction(channels, Outputs.BoxChannels));
        _centerness = options.Names.Centerness is { } name ? Register(name, HeadParts.Prediction(channels, anchors)) : null;
        _scales = options.LevelScales ? Register("scales", HeadParts.Scales(options.Levels)) : null;
        _quality = options is QualityHeadOptions { Quality: var quality }
            ? Register("reg_conf", new DistributionQuality(options.Edges, options.RegMax, quality)) : null;
        foreach ((string integral, EdgeRange range) in options.Integrals)
        {
            Register(integral, new DistributionIntegral(range, options.RegMax + 1));
        }
    }

    /// <summary>Settings.</summary>
    public DistributionHeadOptions Options { get; }

    /// <inheritdoc/>
    public override HeadOutputs Outputs { get; }

    /// <inheritdoc/>
    public override DenseOutput Forward(IReadOnlyList<Tensor> features) =>
        new([.. features.Select((map, level) => Predict(map, _scales?[level]))], features);

    private static Sequential Tower(DistributionHeadOptions options) =>
        HeadParts.Tower(options.InChannels, options.Channels, options.StackedConvs, options.Norm, options.NormGroups);

    private LevelOutput Predict(Tensor map, LevelScale? scale)
    {
        using var scope = new TensorScope();
        Tensor classes = _classes.Forward(_classTower.Forward(map));
        Tensor tower = _boxTower.Forward(map);
        Tensor boxes = _boxes.Forward(tower);
        boxes = scale?.Forward(boxes) ?? boxes;
        Tensor? joint = _quality is null ? null : classes.Sigmoid() * _quality.Forward(boxes);
        return new LevelOutput(scope.Keep(classes), scope.Keep(boxes), Keep(_centerness?.Forward(tower)), Keep(joint));

        Tensor? Keep(Tensor? tensor) => tensor is null ? null : scope.Keep(tensor);
    }
}
