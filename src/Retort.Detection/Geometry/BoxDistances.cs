using Retort.Torch;

namespace Retort.Detection.Geometry;

/// <summary>Boxes as the distances of their four sides from a point (Tian et al., FCOS).</summary>
public static class BoxDistances
{
    /// <summary>x1 y1 x2 y2 of the boxes whose sides have the given distances from points, float [K, 4].</summary>
    /// <param name="points">Float [K, 2], in the unit of the distances.</param>
    /// <param name="distances">Left, top, right, bottom, float [K, 4].</param>
    public static Tensor Decode(Tensor points, Tensor distances) =>
        Tensor.Cat([points - distances.Narrow(1, 0, 2), points + distances.Narrow(1, 2, 2)], 1);

    /// <summary>Distances of a box's sides from a point, float [K, 4]; those of a point outside are negative where they are not limited to [0, maximum].</summary>
    /// <param name="points">Float [K, 2], in the unit of the boxes.</param>
    /// <param name="boxes">Float [K, 4].</param>
    /// <param name="maximum">Largest distance; infinity where only 0 is a limit; null for none.</param>
    public static Tensor Encode(Tensor points, Tensor boxes, double? maximum = null)
    {
        Tensor distances = Tensor.Cat([points - boxes.Narrow(1, 0, 2), boxes.Narrow(1, 2, 2) - points], 1);
        return maximum is { } limit ? distances.Clamp(0, limit) : distances;
    }
}
