using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the head of the detector that a recipe names.</summary>
internal static class HeadBuilder
{
    /// <summary>Makes it, with fresh weights.</summary>
    public static DenseHead Build(ModelOptions model, int classes) => model.Detector switch
    {
        DetectorKind.Gfl => new GflHead(ToGfl(model, classes)),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Detector, "unknown detector"),
    };

    private static GflHeadOptions ToGfl(ModelOptions model, int classes) => new()
    {
        Classes = classes,
        InChannels = model.Neck.Channels,
        TowerChannels = model.Head.Channels,
        TowerDepth = model.Head.StackedConvs,
        LastBin = model.Head.RegMax,
        Levels = model.Neck.Levels,
        NormGroups = model.Head.NormGroups,
    };
}
