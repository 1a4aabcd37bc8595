using Retort.Torch;

namespace Retort.Detection.Geometry;

/// <summary>What the coders of upright and of rotated boxes share.</summary>
internal static class BoxDeltas
{
    /// <summary>Sides grow or shrink by this at most, as published: a bound for networks that have just begun to learn.</summary>
    public const double PublishedLargestRatio = 1000.0 / 16;

    /// <summary>Centres and sides of x1 y1 x2 y2, float [K, 2] each.</summary>
    public static (Tensor Centre, Tensor Size) CentreAndSize(Tensor boxes)
    {
        (Tensor low, Tensor high) = (boxes.Narrow(1, 0, 2), boxes.Narrow(1, 2, 2));
        return ((low + high) / 2, high - low);
    }

    /// <summary>What a side is multiplied by, any shape.</summary>
    /// <param name="deltas">Logarithms.</param>
    /// <param name="largestRatio">The bound, above 1.</param>
    public static Tensor Growth(Tensor deltas, double largestRatio) => deltas.Clamp(-Math.Log(largestRatio), Math.Log(largestRatio)).Exp();

    /// <summary>A row of numbers for arithmetic with <paramref name="like"/>.</summary>
    public static Tensor Row(IReadOnlyList<double> numbers, Tensor like) =>
        Tensor.From(numbers.Select(n => (float)n).ToArray(), numbers.Count).To(like.Device).To(like.Type);
}
