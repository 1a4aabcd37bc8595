using Retort.Core;
using Retort.Detection.Dense;
using Retort.Detection.Necks;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the neck that a recipe names.</summary>
internal static class NeckBuilder
{
    /// <summary>Makes it, with fresh weights.</summary>
    /// <param name="options">The recipe's neck.</param>
    /// <param name="inputs">The backbone's maps, finest first.</param>
    /// <exception cref="RetortException">The levels do not fit the backbone's.</exception>
    public static FeatureExtractor Build(NeckOptions options, IReadOnlyList<FeatureMap> inputs) => options.Type switch
    {
        NeckKind.Fpn => new FeaturePyramid(inputs, ToPyramid(options)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Type, "unknown neck"),
    };

    /// <summary>The maps that it gives, finest first, without making it.</summary>
    /// <param name="options">The recipe's neck.</param>
    /// <param name="inputs">The backbone's maps, finest first.</param>
    public static IReadOnlyList<FeatureMap> Maps(NeckOptions options, IReadOnlyList<FeatureMap> inputs) => options.Type switch
    {
        NeckKind.Fpn => FeaturePyramid.MapsOf(inputs, ToPyramid(options)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Type, "unknown neck"),
    };

    private static FeaturePyramidOptions ToPyramid(NeckOptions options) => new()
    {
        Channels = options.Channels,
        Levels = options.Levels,
        Extra = options.ExtraConvs,
        ReluBeforeExtra = options.ReluBeforeExtraConvs,
    };
}
