using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
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
        int[] strides = [8, 16, 32];
        var backbone = new ResNet(new ResNetOptions { Depth = 18, Width = 0.125, NormMode = NormalizationMode.Train, FrozenStages = -1 });
        return new DenseDetector(
            backbone,
            new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions { Channels = width, Levels = strides.Length }),
            new DistributionHead(Head(classes, width, strides.Length)),
            new AtssAssigner(PriorGenerator.Anchors(strides, 8, 1, [1])),
            new EvenCriterion(),
            new DistributionPostProcessor(new DistributionGeometry { Strides = strides }, new PostProcessingOptions()));
    }

    private static DistributionHeadOptions Head(int classes, int width, int levels) => new()
    {
        Classes = classes,
        InChannels = width,
        TowerChannels = width,
        TowerDepth = 1,
        NormGroups = 4,
        LastBin = 8,
        Levels = levels,
    };
}
