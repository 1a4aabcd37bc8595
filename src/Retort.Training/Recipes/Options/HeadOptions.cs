using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Layers;

namespace Retort.Training.Recipes;

/// <summary>What turns the pyramid into classes and boxes.</summary>
public sealed record HeadOptions
{
    /// <summary>Convolutions in each of the two towers.</summary>
    [Within(0, 16)]
    public int StackedConvs { get; init; } = 4;

    /// <summary>Channels of the towers.</summary>
    [Within(8, 4096)]
    public int Channels { get; init; } = 256;

    /// <summary>The normalisation in the towers.</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Group;

    /// <summary>Groups, where the normalisation is by group; they must divide the channels.</summary>
    [Within(1, 1024)]
    public int NormGroups { get; init; } = 32;

    /// <summary>
    /// The largest distance of a box edge in strides; its distribution has one bin more. Teacher and student must agree. Rotated boxes: the bins less
    /// one; 0 for none, that is, for boxes without distributions.
    /// </summary>
    [Within(0, 128)]
    public int RegMax { get; init; } = 16;

    /// <summary>Rotated boxes: what the first and the last bin of the centre's and the sides' differences stand for. Teacher and student must agree.</summary>
    public IReadOnlyList<double> SideRange { get; init; } = [-2, 2];

    /// <summary>Rotated boxes: what the first and the last bin of the angle's difference stand for, in radians. Teacher and student must agree.</summary>
    public IReadOnlyList<double> AngleRange { get; init; } = [-5, 2];

    /// <summary>Rotated boxes: the range of predicted angles, that of 'data.angles'.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>
    /// Rotated boxes, le90 and le135: a box's sides change places where the angle's difference becomes smaller by it, and boxes that are found have the longer side
    /// as their width. Teacher and student must agree.
    /// </summary>
    public bool EdgeSwap { get; init; }

    /// <summary>
    /// Rotated boxes: the half turns that an angle's difference of one stands for; where nothing stands here, differences are in radians. Teacher and student must
    /// agree.
    /// </summary>
    [Within(0, 10, Above = true)]
    public double? NormFactor { get; init; }

    /// <summary>GFLv2: one more class channel, for background, as the published networks have it. Teacher and student must agree.</summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>GFLv2: how the quality of a box is told from its distributions.</summary>
    public QualityOptions Quality { get; init; } = new();
}

/// <summary>The predictor of a box's quality from the distributions of its edges (Li et al., 2021).</summary>
public sealed record QualityOptions
{
    /// <summary>How many of an edge's largest probabilities it sees, beside their mean; at most the bins.</summary>
    [Within(1, 129)]
    public int TopK { get; init; } = 4;

    /// <summary>Channels between its two layers.</summary>
    [Within(1, 4096)]
    public int Channels { get; init; } = 64;
}
