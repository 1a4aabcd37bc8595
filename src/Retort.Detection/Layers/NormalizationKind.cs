using Retort.Torch.Modules;

namespace Retort.Detection.Layers;

/// <summary>Kinds of normalisation after a convolution.</summary>
public enum NormalizationKind
{
    /// <summary>None: the convolution has a bias instead.</summary>
    None,

    /// <summary>Batch normalisation with running statistics.</summary>
    Batch,

    /// <summary>Group normalisation, independent of the batch.</summary>
    Group,
}

/// <summary>Makes normalisation layers and gives them the names that checkpoints use.</summary>
public static class Normalizations
{
    private const int UsualGroups = 32;

    /// <summary>Name of the layer in a state dictionary, without any number: <c>bn</c> or <c>gn</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind makes no layer.</exception>
    public static string Name(NormalizationKind kind) => kind switch
    {
        NormalizationKind.Batch => "bn",
        NormalizationKind.Group => "gn",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this kind makes no layer"),
    };

    /// <summary>Makes a layer for maps of some channels.</summary>
    /// <param name="kind">Batch or Group.</param>
    /// <param name="channels">Channels, at least 1.</param>
    /// <param name="groups">Groups of group normalisation; 0 chooses <see cref="FittingGroups"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The kind makes no layer.</exception>
    public static Layer Create(NormalizationKind kind, int channels, int groups = 0) => kind switch
    {
        NormalizationKind.Batch => new BatchNorm2d(channels),
        NormalizationKind.Group => new GroupNorm(groups > 0 ? groups : FittingGroups(channels), channels),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this kind makes no layer"),
    };

    /// <summary>
    /// 32 groups where they divide the channels with at least two in each, otherwise the largest such number: a group of a single
    /// channel would be instance normalisation, which loses the strength of a feature.
    /// </summary>
    public static int FittingGroups(int channels)
    {
        for (int groups = Math.Min(UsualGroups, channels / 2); groups > 1; groups--)
        {
            if (channels % groups == 0)
            {
                return groups;
            }
        }

        return 1;
    }
}
