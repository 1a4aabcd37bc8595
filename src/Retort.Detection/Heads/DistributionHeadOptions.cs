using Retort.Core.Geometry;
using Retort.Core.Options;
using Retort.Detection.Coding;
using Retort.Detection.Geometry;
using Retort.Detection.Layers;

namespace Retort.Detection.Heads;

/// <summary>
/// What the predicting convolutions of a head are called in a state dictionary; those that a head does not have are null.
/// </summary>
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

/// <summary>What turns the pyramid into classes and boxes, for all detectors of upright boxes without more settings of their own.</summary>
public record DistributionHeadOptions : IOptionsTogether
{
    /// <summary>
    /// Convolutions in each of the two towers; 0 predicts from the pyramid itself, which then needs as many channels as the towers.
    /// </summary>
    [Within(0, 16)]
    public int StackedConvs { get; init; } = 4;

    /// <summary>Channels of the towers.</summary>
    [Within(8, 4096)]
    public int Channels { get; init; } = 256;

    /// <summary>The normalisation in the towers; without one their convolutions have biases (RetinaNet).</summary>
    public NormalizationKind Norm { get; init; } = NormalizationKind.Group;

    /// <summary>Groups of a group normalisation; they must divide the channels.</summary>
    [Within(1, 1024)]
    public int NormGroups { get; init; } = 32;

    /// <summary>
    /// n: the largest distance of a box edge in strides; its distribution has the bins 0..n. Teacher and student must agree.
    /// </summary>
    [Within(1, 128)]
    public virtual int RegMax { get; init; } = 16;

    /// <summary>Which convolutions there are and what they are called.</summary>
    [CodeOnly]
    public DistributionHeadNames Names { get; init; } = DistributionHeadNames.Gfl;

    /// <summary>Number of classes.</summary>
    [CodeOnly]
    [Within(1)]
    public int Classes { get; init; } = 80;

    /// <summary>Priors of each cell, A.</summary>
    [CodeOnly]
    [Within(1)]
    public int AnchorsPerCell { get; init; } = 1;

    /// <summary>Channels of the neck's maps.</summary>
    [CodeOnly]
    [Within(1)]
    public int InChannels { get; init; } = 256;

    /// <summary>Pyramid levels.</summary>
    [CodeOnly]
    [Within(1)]
    public int Levels { get; init; } = 5;

    /// <summary>Whether each level has a learnable factor on its edge logits; RetinaNet has none.</summary>
    [CodeOnly]
    public bool LevelScales { get; init; } = true;

    /// <summary>Edges of a box: left, top, right and bottom, or the five numbers of a rotated box.</summary>
    public virtual int Edges => BoxForm.Upright.Numbers();

    /// <summary>Whether there is one more class channel, behind the others, for background.</summary>
    public virtual bool HasBackground => false;

    /// <summary>The values of the bins that checkpoints carry, with the names of the parts that hold them.</summary>
    internal virtual IReadOnlyList<(string Name, EdgeRange Range)> Integrals => [("integral", new EdgeRange(0, RegMax))];

    /// <inheritdoc/>
    public virtual void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Norm == NormalizationKind.Group && Channels % NormGroups != 0)
        {
            problems.Refuse("channels", $"{problems.Name("channels")} is {Channels}, which {NormGroups} groups do not divide; change it "
                + $"or {problems.Name("normGroups")}");
        }
    }
}

/// <summary>What turns the pyramid into classes, boxes and the quality of boxes (Li et al. 2021, Generalized Focal Loss V2).</summary>
public sealed record QualityHeadOptions : DistributionHeadOptions
{
    /// <summary>One more class channel, for background, as the published networks have it. Teacher and student must agree.</summary>
    public bool BackgroundChannel { get; init; }

    /// <summary>How the quality of a box is predicted from its distributions.</summary>
    public DistributionQualityOptions Quality { get; init; } = new();

    /// <inheritdoc/>
    public override bool HasBackground => BackgroundChannel;

    /// <inheritdoc/>
    public override void Check(OptionProblems problems)
    {
        base.Check(problems);
        if (Quality.TopK > RegMax + 1)
        {
            problems.Refuse(
                "quality", $"{problems.Name("quality.topK")} is {Quality.TopK}, but an edge has {RegMax + 1} bins; lower it, or raise "
                    + $"{problems.Name("regMax")}");
        }
    }
}

/// <summary>What turns the pyramid into classes and rotated boxes.</summary>
public sealed record RotatedHeadOptions : DistributionHeadOptions
{
    /// <summary>The bins of a distribution less one; 0 for boxes without distributions. Teacher and student must agree.</summary>
    [Within(0, 128)]
    public override int RegMax { get; init; } = 16;

    /// <summary>
    /// What the first and the last bin of the centre's and the sides' differences stand for. Teacher and student must agree.
    /// </summary>
    public IReadOnlyList<double> SideRange { get; init; } = [-2, 2];

    /// <summary>What the first and the last bin of the angle's difference stand for, in radians. Teacher and student must agree.</summary>
    public IReadOnlyList<double> AngleRange { get; init; } = [-5, 2];

    /// <summary>The range of predicted angles, that of 'data.angles'.</summary>
    public AngleConvention Angles { get; init; } = AngleConvention.Oc;

    /// <summary>
    /// le90 and le135: a box's sides change places where the angle's difference becomes smaller by it, and detected boxes have the longer
    /// side as their width. Teacher and student must agree.
    /// </summary>
    public bool EdgeSwap { get; init; }

    /// <summary>
    /// The half turns that an angle's difference of one stands for; if unset, differences are in radians. Teacher and student must agree.
    /// </summary>
    [Within(0, 10, Above = true)]
    public double? NormFactor { get; init; }

    /// <inheritdoc/>
    public override int Edges => BoxForm.Rotated.Numbers();

    /// <inheritdoc/>
    internal override IReadOnlyList<(string Name, EdgeRange Range)> Integrals =>
        RegMax == 0 ? [] : [("integral", Range(SideRange)), ("integral_angle", Range(AngleRange))];

    /// <summary>How boxes are encoded in the five numbers.</summary>
    public RotatedDeltaCoding Coding() => new(
        new RotatedCoderOptions { Convention = Angles, EdgeSwap = EdgeSwap, NormFactor = NormFactor },
        RegMax == 0 ? null : [.. Enumerable.Repeat(Range(SideRange), 4), Range(AngleRange)]);

    /// <inheritdoc/>
    public override void Check(OptionProblems problems)
    {
        base.Check(problems);
        if (EdgeSwap && Angles == AngleConvention.Oc)
        {
            problems.Refuse("edgeSwap", $"{problems.Name("edgeSwap")} is for {problems.Name("angles")} le90 or le135; with oc the angle "
                + "says which side is the width");
        }

        foreach ((string key, IReadOnlyList<double> range) in new[] { ("sideRange", SideRange), ("angleRange", AngleRange) })
        {
            if (range.Count != 2 || range[0] >= range[1])
            {
                problems.Refuse(key, $"{problems.Name(key)} needs two numbers, the smaller one first");
            }
        }
    }

    private static EdgeRange Range(IReadOnlyList<double> range) => new(range[0], range[1]);
}
