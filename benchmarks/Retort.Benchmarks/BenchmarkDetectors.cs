using Retort.Detection.Assigners;
using Retort.Detection.Backbones;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Necks;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Benchmarks;

/// <summary>Detectors as the benchmarks want them, with fresh weights.</summary>
internal static class BenchmarkDetectors
{
    /// <summary>GFL of 80 classes with a ResNet of some depth.</summary>
    public static DenseDetector Gfl(int depth)
    {
        using var scope = new TensorScope();
        var backbone = new ResNet(new ResNetOptions { Depth = depth });
        var neck = new FeaturePyramid(backbone.Channels, new FeaturePyramidOptions());
        var assigner = new AtssAssigner(PriorGenerator.Anchors([8, 16, 32, 64, 128]));
        // Nothing here decodes predictions.
        return new DenseDetector(backbone, neck, new DistributionHead(new DistributionHeadOptions()), assigner, new GflCriterion(new GflOptions()), null!);
    }
}
