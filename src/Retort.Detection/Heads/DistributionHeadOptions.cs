using Retort.Detection.Coding;
using Retort.Detection.Layers;

namespace Retort.Detection.Heads;

/// <summary>What the predicting convolutions of a head are called in a state dictionary; those that a head does not have are null.</summary>
/// <param name="Classes">The convolution to class logits.</param>
/// <param name="Boxes">The convolution to the distributions of the box edges.</param>
/// <param name="Centerness">The convolution to centerness.</param>
public sealed record DistributionHeadNames(string Classes, string Boxes, string? Centerness = null)
{
    /// <summary>Generalized Focal Loss, both versions.</summary>
    public static DistributionHeadNames Gfl { get; } = new("gfl_cls", "gfl_reg");

    /// <summary>ATSS in its distribution form.</summary>
    public static DistributionHeadNames Atss { get; } = new("atss_cls", "atss_reg", "atss_centerness");

    /// <summary>FCOS in its distribution form.</summary>
    public static DistributionHeadNames Fcos { get; } = new("conv_cls", "conv_reg", "conv_centerness");

    /// <summary>RetinaNet in its distribution form, whose names are those of ATSS.</summary>
    public static DistributionHeadNames Retina { get; } = new("atss_cls", "atss_reg");

    /// <summary>RetinaNet for rotated boxes.</summary>
    public static DistributionHeadNames RotatedRetina { get; } = new("retina_cls", "retina_reg");
}

/// <summary>Settings of a <see cref="DistributionHead"/>; the defaults are those of Generalized Focal Loss.</summary>
public sealed record DistributionHeadOptions
{
    /// <summary>Which convolutions there are and what they are called.</summary>
    public DistributionHeadNames Names { get; init; } = DistributionHeadNames.Gfl;

    /// <summary>Number of classes, at least 1.</summary>
    public int Classes { get; init; } = 80;

    /// <summary>Whether there is one more class channel, behind the others, for background: as published heads of GFLv2 have it.</summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>Priors of each cell, A.</summary>
    public int AnchorsPerCell { get; init; } = 1;

    /// <summary>Channels of the neck's maps.</summary>
    public int InChannels { get; init; } = 256;

    /// <summary>Channels of the towers.</summary>
    public int TowerChannels { get; init; } = 256;

    /// <summary>Convolutions in each tower; 0 predicts from the neck's maps, which then need as many channels as the towers.</summary>
    public int TowerDepth { get; init; } = 4;

    /// <summary>Normalisation in the towers; without one their convolutions have biases (RetinaNet).</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Group;

    /// <summary>Groups of the towers' group normalisation; 0 for 32, or as many as fit.</summary>
    public int NormGroups { get; init; }

    /// <summary>n: each edge is a distribution over the bins 0..n; 0: it is one number, without a distribution.</summary>
    public int LastBin { get; init; } = 16;

    /// <summary>Edges of a box: left, top, right and bottom, or the five numbers of a rotated box.</summary>
    public int Edges { get; init; } = 4;

    /// <summary>
    /// The values of the bins that checkpoints carry, with the names of the parts that hold them; null: <c>integral</c>, 0 to n.
    /// </summary>
    public IReadOnlyList<(string Name, EdgeRange Range)>? Integrals { get; init; }

    /// <summary>Pyramid levels.</summary>
    public int Levels { get; init; } = 5;

    /// <summary>Whether each level has a learnable factor on its edge logits; RetinaNet has none.</summary>
    public bool LevelScales { get; init; } = true;

    /// <summary>The predictor of the box quality from its distributions, where there is one (GFLv2); for one prior a cell.</summary>
    public DistributionQualityOptions? Quality { get; init; }
}
