using Retort.Detection.Dense;
using Retort.Detection.Necks;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the neck that a recipe names.</summary>
internal static class NeckBuilder
{
    /// <summary>Makes it, with fresh weights.</summary>
    /// <param name="options">The recipe's neck.</param>
    /// <param name="inChannels">Channels of the backbone's maps, finest first.</param>
    /// <exception cref="InvalidDataException">The levels do not fit the backbone's.</exception>
    public static FeatureExtractor Build(NeckOptions options, IReadOnlyList<int> inChannels) => options.Type switch
    {
        NeckKind.Fpn => new FeaturePyramid(inChannels, ToPyramid(options)),
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
