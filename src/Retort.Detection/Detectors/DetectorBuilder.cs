using Retort.Core.Options;
using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Coding;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;

namespace Retort.Detection.Detectors;

/// <summary>Composes detectors of their options: one <c>switch</c> for each part, one line a kind.</summary>
public static class DetectorBuilder
{
    /// <summary>Composes a detector with fresh weights from the seeded generator.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="classes">How many classes it tells apart.</param>
    /// <exception cref="OptionException">An option is out of its range, or options do not fit each other.</exception>
    public static DenseDetector Build(DetectorOptions options, int classes)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Check(options);
        var backbone = new ResNet(options.Backbone);
        return new DenseDetector(
            backbone,
            Neck(options.Neck, backbone.Maps),
            new DistributionHead(Head(options, classes)),
            options.RotatedHead is { } rotated ? rotated.Coding() : new DistanceCoding(),
            Assigner(options),
            Criterion(options),
            new DensePostProcessor(Priors(options), options.PostProcessing, options.Head.HasBackground));
    }

    /// <summary>Strides of a detector's pyramid, pixels, finest first, without making the detector.</summary>
    /// <param name="options">What the detector is made of.</param>
    public static IReadOnlyList<int> Strides(DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<FeatureMap> maps = options.Neck switch
        {
            FeaturePyramidOptions pyramid => FeaturePyramid.MapsOf(ResNet.MapsOf(options.Backbone), pyramid),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Neck, "unknown neck"),
        };
        return [.. maps.Select(map => map.Stride)];
    }

    /// <summary>Makes the label assignment of a detector, with its priors.</summary>
    /// <param name="options">What the detector is made of.</param>
    public static IBatchAssigner Assigner(DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Assigner switch
        {
            AtssOptions atss => new AtssAssigner(Priors(options), atss),
            MaxIouOptions overlap => new MaxIouAssigner(Priors(options), overlap with { Rotated = options.RotatedHead?.Angles }),
            FcosOptions points => new FcosAssigner(Strides(options), points with { AnchorScale = options.Priors.OctaveBaseScale }),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Assigner, "unknown assigner"),
        };
    }

    private static FeaturePyramid Neck(NeckOptions options, IReadOnlyList<FeatureMap> inputs) => options switch
    {
        FeaturePyramidOptions pyramid => new FeaturePyramid(inputs, pyramid),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options, "unknown neck"),
    };

    private static DistributionHeadOptions Head(DetectorOptions options, int classes) => options.Head with
    {
        Classes = classes,
        AnchorsPerCell = options.Priors.PerCell,
        InChannels = options.Neck.Channels,
        Levels = options.Neck.Levels,
        LevelScales = options is not (RetinaDetectorOptions or RotatedRetinaDetectorOptions),
        Names = options switch
        {
            GflDetectorOptions or GflV2DetectorOptions => DistributionHeadNames.Gfl,
            AtssDetectorOptions => DistributionHeadNames.Atss,
            FcosDetectorOptions => DistributionHeadNames.Fcos,
            RetinaDetectorOptions => DistributionHeadNames.Retina,
            RotatedRetinaDetectorOptions => DistributionHeadNames.RotatedRetina,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options, "unknown detector"),
        },
    };

    private static IDetectionCriterion Criterion(DetectorOptions options) => options.Losses switch
    {
        GflOptions gfl => new GflCriterion(gfl),
        CenternessOptions centerness => new CenternessCriterion(centerness),
        RetinaOptions retina => new RetinaCriterion(retina),
        RotatedRetinaOptions rotated => new RotatedRetinaCriterion(rotated),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Losses, "unknown losses"),
    };

    private static PriorGenerator Priors(DetectorOptions options) => options.Priors switch
    {
        AnchorOptions anchors => PriorGenerator.Anchors(
            Strides(options), anchors.OctaveBaseScale, anchors.ScalesPerOctave, anchors.Ratios, allowedBorder: anchors.AllowedBorder),
        PointOptions => PriorGenerator.Points(Strides(options)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Priors, "unknown priors"),
    };
}
