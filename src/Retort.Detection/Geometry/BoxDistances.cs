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

    /// <summary>Left, top, right, bottom: distances of a box's sides from a point, float [K, 4]; negative for a point outside.</summary>
    /// <param name="points">Float [K, 2], in the unit of the boxes.</param>
    /// <param name="boxes">Float [K, 4].</param>
    public static Tensor Encode(Tensor points, Tensor boxes) =>
        Tensor.Cat([points - boxes.Narrow(1, 0, 2), boxes.Narrow(1, 2, 2) - points], 1);
}
