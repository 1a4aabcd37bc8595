using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>
/// Makes heads, with fresh weights, one function a detector. An option outside of what a head supports is a <see cref="Retort.Core.RetortException"/>.
/// </summary>
internal static class HeadBuilder
{
    public static DenseHead Gfl(ModelOptions model, int classes) => new DistributionHead(Common(model, classes));

    public static DenseHead Gflv2(ModelOptions model, int classes) => new DistributionHead(Common(model, classes) with { Quality = ToQuality(model.Head.Quality) });

    public static DenseHead Atss(ModelOptions model, int classes) => new DistributionHead(Common(model, classes) with { Names = DistributionHeadNames.Atss });

    public static DenseHead Fcos(ModelOptions model, int classes) => new DistributionHead(Common(model, classes) with { Names = DistributionHeadNames.Fcos });

    public static DenseHead Retina(ModelOptions model, int classes) =>
        new DistributionHead(Common(model, classes) with { Names = DistributionHeadNames.Retina, LevelScales = false });

    public static DenseHead RotatedRetina(ModelOptions model, int classes) => new DistributionHead(Common(model, classes) with
    {
        Names = DistributionHeadNames.RotatedRetina,
        LevelScales = false,
        Edges = BoxForm.Rotated.Numbers(),
        Integrals = RotatedParts.Integrals(model.Head),
    });

    private static DistributionHeadOptions Common(ModelOptions model, int classes) => new()
    {
        Classes = classes,
        BackgroundChannel = model.Head.BackgroundChannel,
        AnchorsPerCell = model.Priors.PerCell,
        InChannels = model.Neck.Channels,
        TowerChannels = model.Head.Channels,
        TowerDepth = model.Head.StackedConvs,
        Norm = model.Head.Norm,
        NormGroups = model.Head.NormGroups,
        LastBin = model.Head.RegMax,
        Levels = model.Neck.Levels,
    };

    private static DistributionQualityOptions ToQuality(QualityOptions options) => new() { TopK = options.TopK, Channels = options.Channels };
}
