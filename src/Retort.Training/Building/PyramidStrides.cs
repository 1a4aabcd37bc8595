using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>The strides of a recipe's pyramid.</summary>
internal static class PyramidStrides
{
    /// <summary>Stride of the first level, pixels; every further level doubles it.</summary>
    private const int First = 8;

    /// <summary>Pixels between neighbouring cells of each level, finest first.</summary>
    public static int[] Of(ModelOptions model) => [.. Enumerable.Range(0, model.Neck.Levels).Select(level => First << level)];
}
