using Retort.Core.Options;
using Retort.Detection.Backbones;
using Retort.Detection.Layers;
using Retort.Detection.Necks;
using Retort.Training.Building;

namespace Retort.Training.Recipes;

/// <summary>A detector: backbone, neck, head, priors, assigner, losses and post-processing.</summary>
public sealed record ModelOptions
{
    /// <summary>The kind of detector.</summary>
    public DetectorKind Detector { get; init; } = DetectorKind.Gfl;

    /// <summary>A checkpoint of a whole detector to start from: a file, or an https address whose file name ends with a hash.</summary>
    public string? Weights { get; init; }

    /// <summary>What turns an image into feature maps.</summary>
    public BackboneOptions Backbone { get; init; } = new();

    /// <summary>What turns the backbone's maps into a pyramid.</summary>
    public NeckOptions Neck { get; init; } = new();

    /// <summary>What turns the pyramid into classes and boxes.</summary>
    public HeadOptions Head { get; init; } = new();

    /// <summary>The anchors or points that boxes are told from.</summary>
    public PriorOptions Priors { get; init; } = new();

    /// <summary>Which priors are responsible for which object.</summary>
    public AssignerOptions Assigner { get; init; } = new();

    /// <summary>The detector's own losses.</summary>
    public LossOptions Losses { get; init; } = new();

    /// <summary>From outputs to boxes.</summary>
    public PostProcessingOptions PostProcessing { get; init; } = new();

    /// <summary>Whether the detector's boxes are rotated.</summary>
    public bool IsRotated => DetectorParts.Of(Detector).Rotated;

    /// <summary>Whether boxes are told from the sides of the anchors. The box-edge distributions of the other detectors count strides from the middle of a cell, whatever its anchor is.</summary>
    public bool IsOfAnchors => IsRotated || Priors.PerCell > 1;
}

/// <summary>The kind of detector.</summary>
public enum DetectorKind
{
    /// <summary>Generalized Focal Loss (Li et al., 2020): quality scores and box-edge distributions.</summary>
    Gfl,

    /// <summary>Generalized Focal Loss V2 (Li et al., 2021): scores times a quality that is told from the box-edge distributions.</summary>
    Gflv2,

    /// <summary>ATSS (Zhang et al., 2020) with box-edge distributions: class scores times centerness.</summary>
    Atss,

    /// <summary>FCOS (Tian et al., 2019) with box-edge distributions: points instead of anchors, class scores times centerness.</summary>
    Fcos,

    /// <summary>RetinaNet (Lin et al., 2017) with box-edge distributions: several anchors a cell, no normalisation in the towers.</summary>
    Retina,

    /// <summary>RetinaNet for rotated boxes: differences of centre, sides and angle from upright anchors, with distributions or without.</summary>
    RotatedRetina,
}

/// <summary>What turns an image into feature maps.</summary>
public sealed record BackboneOptions
{
    /// <summary>The family.</summary>
    public BackboneKind Type { get; init; } = BackboneKind.Resnet;

    /// <summary>The number of layers: 18 and 34 have basic blocks, 50 and 101 bottlenecks.</summary>
    [OneOf(18, 34, 50, 101)]
    public int Depth { get; init; } = 50;

    /// <summary>Multiplies the number of channels of every layer; a multiple of 1/64.</summary>
    [Within(0.125, 1)]
    public double Width { get; init; } = 1;

    /// <summary>The normalisation after each convolution.</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Batch;

    /// <summary>Whether batch normalisation learns.</summary>
    public NormalizationMode NormMode { get; init; } = NormalizationMode.Eval;

    /// <summary>Stages that do not learn: 0 the stem, 1 the stem and the first stage, and so on; -1 none.</summary>
    [Within(-1, 4)]
    public int FrozenStages { get; init; } = 1;

    /// <summary>Without pretrained weights: whether every residual block begins as an identity, by a last gain of zero. The reference's default, and a quicker start.</summary>
    public bool ZeroInitialResidual { get; init; } = true;

    /// <summary>Which convolution of a bottleneck has the stride.</summary>
    public ResNetStyle Style { get; init; } = ResNetStyle.Pytorch;

    /// <summary>ResNeXt: groups of the 3x3 convolution of a block; ResNeXt and Res2Net have depth 50 or 101.</summary>
    [Within(1, 256)]
    public int Groups { get; init; } = 32;

    /// <summary>Channels of a group (ResNeXt, 4 where nothing stands here) or of a scale (Res2Net, 26), in the first stage at full width.</summary>
    [Within(1, 256)]
    public int? BaseWidth { get; init; }

    /// <summary>Res2Net: slices of the channels that a block convolves one after another.</summary>
    [Within(2, 16)]
    public int Scales { get; init; } = 4;

    /// <summary>Deformable convolutions in some stages; none where nothing stands here.</summary>
    public DeformableOptions? Deformable { get; init; }

    /// <summary>Pretrained weights: a file, or a published name such as torchvision://resnet50 (docs/checkpoints.md). Without them the backbone starts from random ones.</summary>
    public string? Weights { get; init; }
}

/// <summary>Deformable convolutions in place of the 3x3 convolutions of a backbone's blocks.</summary>
public sealed record DeformableOptions
{
    /// <summary>1: moved taps (Dai et al., 2017); 2: modulated as well (Zhu et al., 2019).</summary>
    [OneOf(1, 2)]
    public int Version { get; init; } = 1;

    /// <summary>The stages that have them: stage k makes C(k+1), so [2, 3, 4] is "c3-c5".</summary>
    [Within(1, 4)]
    public IReadOnlyList<int> Stages { get; init; } = [2, 3, 4];

    /// <summary>Groups of channels with offsets of their own.</summary>
    [Within(1, 64)]
    public int Groups { get; init; } = 1;
}

/// <summary>The family of a backbone.</summary>
public enum BackboneKind
{
    /// <summary>Residual networks (He et al., 2016).</summary>
    Resnet,

    /// <summary>ResNeXt (Xie et al., 2017): 3x3 convolutions in groups.</summary>
    Resnext,

    /// <summary>Res2Net (Gao et al., 2019), variant v1d: 3x3 convolutions in a chain of slices, deep stem, averaging shortcuts.</summary>
    Res2net,
}

/// <summary>What turns the backbone's maps into a pyramid.</summary>
public sealed record NeckOptions
{
    /// <summary>The kind of pyramid.</summary>
    public NeckKind Type { get; init; } = NeckKind.Fpn;

    /// <summary>Channels of every level.</summary>
    [Within(8, 4096)]
    public int Channels { get; init; } = 256;

    /// <summary>Levels of the pyramid: the first is P3, at an eighth of the image.</summary>
    [Within(3, 6)]
    public int Levels { get; init; } = 5;

    /// <summary>What the levels above P5 are computed from.</summary>
    public ExtraLevels ExtraConvs { get; init; } = ExtraLevels.OnOutput;

    /// <summary>Whether there is a ReLU before each of those levels but the first.</summary>
    public bool ReluBeforeExtraConvs { get; init; }
}

/// <summary>The kind of pyramid.</summary>
public enum NeckKind
{
    /// <summary>Feature Pyramid Network (Lin et al., 2017).</summary>
    Fpn,
}
