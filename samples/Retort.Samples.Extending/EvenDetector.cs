using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Detection.PostProcessing;
using Retort.Detection.Priors;

namespace Retort.Samples.Extending;

/// <summary>A detector as a composition: its losses are new, all its other parts are there already.</summary>
public static class EvenDetector
{
    /// <summary>A small one, with fresh weights.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="width">Channels of neck and head, a multiple of 4.</param>
    public static DenseDetector Build(int classes, int width = 16)
    {
        var backbone = new ResNet(new ResNetOptions { Depth = 18, Width = 0.125, NormMode = NormalizationMode.Train, FrozenStages = -1 });
        var neck = new FeaturePyramid(backbone.Maps, new FeaturePyramidOptions { Channels = width, Levels = 3 });
        var priors = PriorGenerator.Anchors([.. neck.Maps.Select(map => map.Stride)]);
        return new DenseDetector(
            backbone,
            neck,
            new DistributionHead(Head(classes, width, neck.Maps.Count)),
            new DistanceCoding(),
            new AtssAssigner(priors),
            new EvenCriterion(),
            new DensePostProcessor(priors, new PostProcessingOptions()));
    }

    private static DistributionHeadOptions Head(int classes, int width, int levels) => new()
    {
        Classes = classes,
        InChannels = width,
        Channels = width,
        StackedConvs = 1,
        NormGroups = 4,
        RegMax = 8,
        Levels = levels,
    };
}
