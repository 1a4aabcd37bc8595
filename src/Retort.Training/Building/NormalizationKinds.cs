using Retort.Detection.Layers;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>From a recipe's normalisation to a layer's.</summary>
internal static class NormalizationKinds
{
    /// <summary>The kind of layer.</summary>
    public static NormalizationKind Of(NormKind kind) => kind switch
    {
        NormKind.Batch => NormalizationKind.Batch,
        NormKind.Group => NormalizationKind.Group,
        NormKind.None => NormalizationKind.None,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown normalisation"),
    };
}
