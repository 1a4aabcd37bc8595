using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>
/// Detections of heads that predict a distribution for the distance of each box edge (GFL, GFLv2, ATSS, FCOS and RetinaNet in their distribution
/// forms): the expectation of the distributions, clipped to the image.
/// </summary>
/// <param name="geometry">How the predictions lie on the image.</param>
/// <param name="options">Thresholds and suppression.</param>
public sealed class DistributionPostProcessor(DistributionGeometry geometry, PostProcessingOptions options) : DensePostProcessor(geometry, options)
{
    /// <inheritdoc/>
    protected override int Edges => 4;

    /// <inheritdoc/>
    protected override Tensor Read(DenseOutput output, int level, Tensor rows, Tensor priors) =>
        DistributionIntegral.Expectation(rows, Edges) * Geometry.Strides[level];

    /// <inheritdoc/>
    protected override void Finish(Span<float> box, float x, float y, (int Height, int Width, float ScaleX, float ScaleY) size) => ToBox(box, x, y, size);

    /// <summary>Distances left, top, right, bottom from a point, pixels, to x1, y1, x2, y2 in the original image, in place.</summary>
    internal static void ToBox(Span<float> box, float x, float y, (int Height, int Width, float ScaleX, float ScaleY) size)
    {
        box[0] = Math.Clamp(x - box[0], 0, size.Width) / size.ScaleX;
        box[1] = Math.Clamp(y - box[1], 0, size.Height) / size.ScaleY;
        box[2] = Math.Clamp(x + box[2], 0, size.Width) / size.ScaleX;
        box[3] = Math.Clamp(y + box[3], 0, size.Height) / size.ScaleY;
    }
}
