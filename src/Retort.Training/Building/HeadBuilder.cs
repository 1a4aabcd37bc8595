using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the head of the detector that a recipe names.</summary>
internal static class HeadBuilder
{
    /// <summary>Makes it, with fresh weights.</summary>
    /// <exception cref="InvalidDataException">An option is outside of what the head supports.</exception>
    public static DenseHead Build(ModelOptions model, int classes) => new DistributionHead(model.Detector switch
    {
        DetectorKind.Gfl => Common(model, classes),
        DetectorKind.Gflv2 => Common(model, classes) with { Quality = ToQuality(model.Head.Quality) },
        DetectorKind.Atss => Common(model, classes) with { Names = DistributionHeadNames.Atss },
        DetectorKind.Fcos => Common(model, classes) with { Names = DistributionHeadNames.Fcos },
        DetectorKind.Retina => Common(model, classes) with { Names = DistributionHeadNames.Retina, LevelScales = false },
        DetectorKind.RotatedRetina => Common(model, classes) with
        {
            Names = DistributionHeadNames.RotatedRetina,
            LevelScales = false,
            Edges = RotatedBoxDecoder.Edges,
            Integrals = RotatedParts.Integrals(model.Head),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Detector, "unknown detector"),
    });

    private static DistributionHeadOptions Common(ModelOptions model, int classes) => new()
    {
        Classes = classes,
        BackgroundChannel = model.Head.BackgroundChannel,
        AnchorsPerCell = model.Priors.PerCell,
        InChannels = model.Neck.Channels,
        TowerChannels = model.Head.Channels,
        TowerDepth = model.Head.StackedConvs,
        Norm = NormalizationKinds.Of(model.Head.Norm),
        NormGroups = model.Head.NormGroups,
        LastBin = model.Head.RegMax,
        Levels = model.Neck.Levels,
    };

    private static DistributionQualityOptions ToQuality(QualityOptions options) => new() { TopK = options.TopK, Channels = options.Channels };
}
