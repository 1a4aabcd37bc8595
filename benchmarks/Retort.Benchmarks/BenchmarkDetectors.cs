using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Detection.Necks;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Recipes;

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
        return DetectorBuilder.Build(Model(detector) with { Backbone = new BackboneOptions { Depth = depth } }, Classes);
    }

    private static ModelOptions Model(string detector) => detector switch
    {
        "gfl" => new ModelOptions(),
        "gflv2" => new ModelOptions { Detector = DetectorKind.Gflv2 },
        "atss" => new ModelOptions { Detector = DetectorKind.Atss },
        "fcos" => new ModelOptions
        {
            Detector = DetectorKind.Fcos,
            Neck = new NeckOptions { ReluBeforeExtraConvs = true },
            Priors = new PriorOptions { Type = PriorKind.Points },
            Assigner = new AssignerOptions { Type = AssignerKind.Fcos },
        },
        "retina" => new ModelOptions
        {
            Detector = DetectorKind.Retina,
            Neck = new NeckOptions { ExtraConvs = ExtraLevels.OnInput },
            Head = new HeadOptions { Norm = NormalizationKind.None },
            Priors = new PriorOptions { OctaveBaseScale = 4, ScalesPerOctave = 3, Ratios = [0.5, 1, 2] },
            Assigner = new AssignerOptions { Type = AssignerKind.MaxIou },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(detector), detector, "unknown detector"),
    };
}
