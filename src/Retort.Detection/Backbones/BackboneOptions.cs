using Retort.Core.Options;
using Retort.Detection.Layers;

namespace Retort.Detection.Backbones;

/// <summary>Where a bottleneck that halves the map has its stride.</summary>
public enum ResNetStyle
{
    /// <summary>In the 3x3 convolution, as in PyTorch's model zoo.</summary>
    Pytorch,

    /// <summary>In the first 1x1 convolution, as in the original (Caffe) weights.</summary>
    Caffe,
}

/// <summary>What training changes in the normalisation layers of a backbone.</summary>
public enum NormalizationMode
{
    /// <summary>Nothing: statistics and affine parameters are fixed.</summary>
    Frozen,

    /// <summary>The affine parameters; the running statistics are used as they are and stay (the usual fine-tuning).</summary>
    Eval,

    /// <summary>Everything: batch statistics are used and tracked (needed from scratch).</summary>
    Train,
}

/// <summary>What turns an image into feature maps: a <see cref="ResNet"/> with the blocks of one family.</summary>
[Kind("resnet", typeof(ResNetOptions))]
[Kind("resnext", typeof(ResNeXtOptions))]
[Kind("res2net", typeof(Res2NetOptions))]
public abstract record BackboneOptions : IOptionsTogether
{
    /// <summary>The number of layers.</summary>
    public abstract int Depth { get; init; }

    /// <summary>Multiplies the number of channels of every layer; a multiple of 1/64.</summary>
    [Within(0.125, 1)]
    public double Width { get; init; } = 1;

    /// <summary>The normalisation after each convolution: batch or group.</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Batch;

    /// <summary>Whether batch normalisation learns.</summary>
    [Affects(Effect.Training)]
    public NormalizationMode NormMode { get; init; } = NormalizationMode.Eval;

    /// <summary>
    /// Stages that do not learn and stay in evaluation mode: 0 the stem, 1 the stem and the first stage, and so on; -1 none.
    /// </summary>
    [Within(-1, 4)]
    [Affects(Effect.Training)]
    public int FrozenStages { get; init; } = 1;

    /// <summary>
    /// Without pretrained weights: whether every residual block begins as an identity, by a last gain of zero (Goyal et al. 2017). The
    /// reference's default, and a quicker start.
    /// </summary>
    [Affects(Effect.Training)]
    public bool ZeroInitialResidual { get; init; } = true;

    /// <summary>Which convolution of a bottleneck has the stride.</summary>
    public ResNetStyle Style { get; init; } = ResNetStyle.Pytorch;

    /// <summary>Deformable convolutions in some stages; none if unset.</summary>
    public DeformableOptions? Deformable { get; init; }

    /// <summary>
    /// Pretrained weights: a file, or a published name such as torchvision://resnet50 (docs/checkpoints.md). Without them the backbone
    /// starts from random ones.
    /// </summary>
    [Affects(Effect.Training)]
    public string? Weights { get; init; }

    /// <summary>The finest map that is given: 2 for C2..C5, 3 for C3..C5; up to 5.</summary>
    [CodeOnly]
    [Within(2, 5)]
    public int FirstLevel { get; init; } = 2;

    /// <summary>Three 3x3 convolutions in place of the 7x7 stem ("v1c"), named <c>stem.0</c> to <c>stem.7</c>.</summary>
    [CodeOnly]
    public bool DeepStem { get; init; }

    /// <summary>Averages in strided shortcuts before a 1x1 convolution without stride ("v1d", He et al. 2019).</summary>
    [CodeOnly]
    public bool AverageDown { get; init; }

    /// <summary>The blocks.</summary>
    internal abstract BlockFamily Family { get; }

    /// <summary>The base channels of a stage, counted from 0.</summary>
    internal int Planes(int stage) => (int)((64 << stage) * Width);

    /// <summary>The deformable convolutions of a stage, counted from 0; null where it has none.</summary>
    internal DeformableOptions? DeformableIn(int stage) => Deformable?.Stages.Contains(stage + 1) == true ? Deformable : null;

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Norm == NormalizationKind.None)
        {
            problems.Refuse("norm", $"{problems.Name("norm")} is batch or group");
        }

        if (64 * Width % 1 != 0)
        {
            problems.Refuse("width", FormattableString.Invariant(
                $"{problems.Name("width")} is {Width}, but it must be a multiple of 1/64, such as 0.25, 0.5 or 1"));
        }

        for (int stage = 0; stage < ResNet.Stages; stage++)
        {
            int width = Family.Width(Planes(stage)), groups = DeformableIn(stage)?.Groups ?? 1;
            if (width < 1)
            {
                problems.Refuse("", $"{problems.Name("")}: stage {stage + 1} of the backbone has no channels left; raise its width or "
                    + "base width");
            }

            if (width % groups != 0)
            {
                problems.Refuse(
                    "deformable.groups",
                    $"{problems.Name("deformable.groups")}: the {groups} groups of deformable convolutions do not divide the {width} "
                        + $"channels of stage {stage + 1}; "
                    + "take a number that divides them");
            }
        }
    }
}

/// <summary>Residual networks (He et al., 2016).</summary>
public sealed record ResNetOptions : BackboneOptions
{
    /// <summary>The number of layers: 18 and 34 have basic blocks, 50 and 101 bottlenecks.</summary>
    [OneOf(18, 34, 50, 101)]
    public override int Depth { get; init; } = 50;

    /// <inheritdoc/>
    internal override BlockFamily Family => Depth < 50 ? BlockFamily.Basic : BlockFamily.Bottleneck;
}

/// <summary>ResNeXt (Xie et al., 2017): 3x3 convolutions in groups.</summary>
public sealed record ResNeXtOptions : BackboneOptions
{
    /// <summary>The number of layers.</summary>
    [OneOf(50, 101)]
    public override int Depth { get; init; } = 50;

    /// <summary>Groups of the 3x3 convolution of a block, the "32" of 32x4d.</summary>
    [Within(1, 256)]
    public int Groups { get; init; } = 32;

    /// <summary>Channels of a group in the first stage at full width, the "4" of 32x4d.</summary>
    [Within(1, 256)]
    public int BaseWidth { get; init; } = 4;

    /// <inheritdoc/>
    internal override BlockFamily Family => BlockFamily.Grouped(Groups, BaseWidth);
}

/// <summary>Res2Net (Gao et al., 2019), variant v1d: 3x3 convolutions in a chain of slices, deep stem, averaging shortcuts.</summary>
public sealed record Res2NetOptions : BackboneOptions
{
    /// <summary>A variant v1d.</summary>
    public Res2NetOptions() => (DeepStem, AverageDown) = (true, true);

    /// <summary>The number of layers.</summary>
    [OneOf(50, 101)]
    public override int Depth { get; init; } = 50;

    /// <summary>Slices of the channels that a block convolves one after another, the "4s" of 26w-4s.</summary>
    [Within(2, 16)]
    public int Scales { get; init; } = 4;

    /// <summary>Channels of a slice in the first stage at full width, the "26w" of 26w-4s.</summary>
    [Within(1, 256)]
    public int BaseWidth { get; init; } = 26;

    /// <inheritdoc/>
    internal override BlockFamily Family => BlockFamily.MultiScale(Scales, BaseWidth);
}
