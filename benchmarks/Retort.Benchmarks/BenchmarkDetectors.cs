using Retort.Detection.Priors;
using Retort.Detection.Heads;
using Retort.Detection.Backbones;
using Retort.Detection.Assigners;
using Retort.Detection.Detectors;
using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Detection.Necks;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Recipes;

namespace Retort.Benchmarks;

/// <summary>Detectors as the benchmarks want them, with fresh weights.</summary>
internal static class BenchmarkDetectors
{
    private const int Classes = 80;

    /// <summary>A detector of 80 classes with a ResNet of some depth.</summary>
    /// <param name="detector">The name of its base recipe, which the peer's script knows it by too.</param>
    /// <param name="depth">Layers of the backbone.</param>
    public static DenseDetector Build(string detector, int depth)
    {
        using var scope = new TensorScope();
        return DetectorBuilder.Build(Model(detector) with { Backbone = new ResNetOptions { Depth = depth } }, Classes);
    }

    private static DetectorOptions Model(string detector) => detector switch
    {
        "gfl" => new GflDetectorOptions(),
        "gflv2" => new GflV2DetectorOptions(),
        "atss" => new AtssDetectorOptions(),
        "fcos" => new FcosDetectorOptions
        {
            Neck = new FeaturePyramidOptions { ReluBeforeExtraConvs = true },
            Priors = new PointOptions(),
            Assigner = new FcosOptions(),
        },
        "retina" => new RetinaDetectorOptions
        {
            Neck = new FeaturePyramidOptions { ExtraConvs = ExtraLevels.OnInput },
            Head = new DistributionHeadOptions { Norm = NormalizationKind.None },
            Priors = new AnchorOptions { OctaveBaseScale = 4, ScalesPerOctave = 3, Ratios = [0.5, 1, 2] },
            Assigner = new MaxIouOptions(),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(detector), detector, "unknown detector"),
    };
}
