using Retort.Core;
using Retort.Detection.Backbones;
using Retort.Detection.Dense;
using Retort.Detection.Layers;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the backbone that a recipe names.</summary>
internal static class BackboneBuilder
{
    private const int ResNextBaseWidth = 4;
    private const int Res2NetBaseWidth = 26;

    /// <summary>Makes it, with fresh weights.</summary>
    /// <exception cref="RetortException">An option is outside of what the backbone supports.</exception>
    public static FeatureExtractor Build(BackboneOptions options) => new ResNet(ToResNet(options), Family(options));

    /// <summary>The maps that it gives, finest first, without making it.</summary>
    public static IReadOnlyList<FeatureMap> Maps(BackboneOptions options) => ResNet.MapsOf(ToResNet(options), Family(options));

    /// <summary>What prevents a backbone from being built, in words; null where nothing does. Nothing is built.</summary>
    public static string? Problem(BackboneOptions options)
    {
        try
        {
            ResNet.Check(ToResNet(options), Family(options));
            return null;
        }
        catch (RetortException e)
        {
            return e.Message;
        }
    }

    private static BlockFamily? Family(BackboneOptions options) => options.Type switch
    {
        BackboneKind.Resnet => null,
        BackboneKind.Resnext => BlockFamily.Grouped(options.Groups, options.BaseWidth ?? ResNextBaseWidth),
        BackboneKind.Res2net => BlockFamily.MultiScale(options.Scales, options.BaseWidth ?? Res2NetBaseWidth),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Type, "unknown backbone"),
    };

    private static ResNetOptions ToResNet(BackboneOptions options) => new()
    {
        Depth = options.Depth,
        Width = options.Width,
        Style = options.Style,
        Norm = options.Norm,
        NormMode = options.NormMode,
        FrozenStages = options.FrozenStages,
        ZeroInitialResidual = options.ZeroInitialResidual,

        // Res2Net in its variant v1d.
        DeepStem = options.Type == BackboneKind.Res2net,
        AverageDown = options.Type == BackboneKind.Res2net,
        Deformable = options.Deformable is { } deformable
            ? new Detection.Backbones.DeformableOptions { Modulated = deformable.Version == 2, Stages = deformable.Stages, Groups = deformable.Groups }
            : null,
    };
}
