using Retort.Core.Options;
using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Criteria;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;

namespace Retort.Detection.Detectors;

/// <summary>
/// A detector: backbone, neck, head, priors, assigner, losses and post-processing. Its kind decides on the options of head and losses;
/// <see cref="DetectorBuilder"/> makes the detector.
/// </summary>
[KindKey("detector")]
[Kind("gfl", typeof(GflDetectorOptions))]
[Kind("gflv2", typeof(GflV2DetectorOptions))]
[Kind("atss", typeof(AtssDetectorOptions))]
[Kind("fcos", typeof(FcosDetectorOptions))]
[Kind("retina", typeof(RetinaDetectorOptions))]
[Kind("rotated-retina", typeof(RotatedRetinaDetectorOptions))]
public abstract record DetectorOptions : IOptionsTogether
{
    /// <summary>A detector with the options of head and losses that its kind has.</summary>
    /// <param name="head">The head.</param>
    /// <param name="losses">The losses.</param>
    protected DetectorOptions(DistributionHeadOptions head, CriterionOptions losses) => (Head, Losses) = (head, losses);

    /// <summary>A checkpoint of a whole detector to start from: a file, or an https address whose file name ends with a hash.</summary>
    [Affects(Effect.Training)]
    public string? Weights { get; init; }

    /// <summary>What turns an image into feature maps.</summary>
    public BackboneOptions Backbone { get; init; } = new ResNetOptions();

    /// <summary>What turns the backbone's maps into a pyramid.</summary>
    public NeckOptions Neck { get; init; } = new FeaturePyramidOptions();

    /// <summary>What turns the pyramid into classes and boxes.</summary>
    public DistributionHeadOptions Head { get; init; }

    /// <summary>The anchors or points that boxes are decoded from.</summary>
    public PriorOptions Priors { get; init; } = new AnchorOptions();

    /// <summary>Which priors are responsible for which object.</summary>
    [Affects(Effect.Training)]
    public AssignerOptions Assigner { get; init; } = new AtssOptions();

    /// <summary>The detector's own losses.</summary>
    [Affects(Effect.Training)]
    public CriterionOptions Losses { get; init; }

    /// <summary>From outputs to boxes.</summary>
    [Affects(Effect.Prediction)]
    public PostProcessingOptions PostProcessing { get; init; } = new();

    /// <summary>The kind's name, such as <c>gfl</c>.</summary>
    public string Name => OptionKinds.NameOf(this)!;

    /// <summary>The head's options where boxes are rotated; null where they are upright.</summary>
    public RotatedHeadOptions? RotatedHead => Head as RotatedHeadOptions;

    /// <summary>Whether the detector's boxes are rotated.</summary>
    public bool IsRotated => RotatedHead is not null;

    /// <summary>
    /// Whether boxes are decoded from the sides of the anchors. The box-edge distributions of the other detectors count strides from the
    /// centre of a prior, whatever its size is.
    /// </summary>
    public bool IsOfAnchors => IsRotated || Priors.PerCell > 1;

    /// <summary>Whether the kind has one prior a cell.</summary>
    protected virtual bool OnePrior => true;

    /// <inheritdoc/>
    public virtual void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Head.StackedConvs == 0 && Head.Channels != Neck.Channels)
        {
            problems.Refuse(
                "head",
                $"{problems.Name("head.stackedConvs")} is 0, so the head looks at the pyramid itself, but it has {Head.Channels} "
                    + $"channels and the pyramid {Neck.Channels}; "
                + $"give {problems.Name("head.channels")} and {problems.Name("neck.channels")} the same number");
        }

        if (OnePrior && Priors.PerCell != 1)
        {
            problems.Refuse("priors", $"the detector {Name} has one anchor a cell, but {problems.Name("priors")} makes {Priors.PerCell}");
        }

        CheckAssigner(problems);
    }

    private void CheckAssigner(OptionProblems problems)
    {
        bool points = Assigner is FcosOptions;
        if (points != Priors is PointOptions)
        {
            problems.Refuse(
                "assigner",
                $"{problems.Name("assigner.type")} is {OptionKinds.NameOf(Assigner)}, which assigns objects to "
                    + $"{(points ? "points" : "anchors")}, but {problems.Name("priors.type")} is "
                + $"{OptionKinds.NameOf(Priors)}; change one of them{(points ? ", or include the base recipe fcos.yaml" : "")}");
        }
    }
}

/// <summary>Generalized Focal Loss (Li et al., 2020): quality scores and box-edge distributions.</summary>
public sealed record GflDetectorOptions() : DetectorOptions(new DistributionHeadOptions(), new GflOptions());

/// <summary>
/// Generalized Focal Loss V2 (Li et al., 2021): scores times a quality that is predicted from the box-edge distributions.
/// </summary>
public sealed record GflV2DetectorOptions() : DetectorOptions(new QualityHeadOptions(), new GflOptions());

/// <summary>ATSS (Zhang et al., 2020) with box-edge distributions: class scores times centerness.</summary>
public sealed record AtssDetectorOptions() : DetectorOptions(new DistributionHeadOptions(), new CenternessOptions());

/// <summary>FCOS (Tian et al., 2019) with box-edge distributions: points instead of anchors, class scores times centerness.</summary>
public sealed record FcosDetectorOptions() : DetectorOptions(new DistributionHeadOptions(), new CenternessOptions());

/// <summary>RetinaNet (Lin et al., 2017) with box-edge distributions: several anchors a cell, no normalisation in the towers.</summary>
public sealed record RetinaDetectorOptions() : DetectorOptions(new DistributionHeadOptions(), new RetinaOptions())
{
    /// <inheritdoc/>
    protected override bool OnePrior => false;
}

/// <summary>
/// RetinaNet for rotated boxes: differences of centre, sides and angle from upright anchors, with distributions or without.
/// </summary>
public sealed record RotatedRetinaDetectorOptions() : DetectorOptions(new RotatedHeadOptions(), new RotatedRetinaOptions())
{
    /// <inheritdoc/>
    protected override bool OnePrior => false;

    /// <inheritdoc/>
    public override void Check(OptionProblems problems)
    {
        base.Check(problems);
        if (Assigner is not MaxIouOptions)
        {
            problems.Refuse("assigner",
                $"the detector {Name} needs {problems.Name("assigner.type")} max-iou, not {OptionKinds.NameOf(Assigner)}");
        }

        if (PostProcessing.Nms is not GreedyNms)
        {
            problems.Refuse(
                "postProcessing.nms",
                $"rotated boxes are suppressed by {problems.Name("postProcessing.nms.type")} nms, not "
                    + $"{OptionKinds.NameOf(PostProcessing.Nms)}");
        }
    }
}
