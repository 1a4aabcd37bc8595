using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Detection.Priors;
using Retort.Torch;

namespace Retort.Detection.PostProcessing;

/// <summary>Detections of heads that predict rotated boxes as differences from upright anchors. Their centres are kept in the image, as published.</summary>
/// <param name="priors">The anchors.</param>
/// <param name="decoder">From box logits to boxes.</param>
/// <param name="options">Thresholds and suppression, which must be one of rotated boxes.</param>
public sealed class RotatedPostProcessor(PriorGenerator priors, RotatedBoxDecoder decoder, PostProcessingOptions options)
    : DensePostProcessor(new DistributionGeometry { Strides = priors.Strides, AnchorsPerCell = priors.PerCell }, options)
{
    /// <inheritdoc/>
    protected override int Edges => RotatedBoxDecoder.Edges;

    /// <inheritdoc/>
    protected override Tensor Read(DenseOutput output, int level, Tensor rows, Tensor priorIndices)
    {
        PriorGrid grid = priors.Grid([.. output.Levels.Select(l => (l.Height, l.Width))]);
        return decoder.Decode(grid.ToTensor(level, rows.Device).IndexSelect(0, priorIndices), rows);
    }

    /// <inheritdoc/>
    protected override void Finish(Span<float> box, float x, float y, (int Height, int Width, float ScaleX, float ScaleY) size)
    {
        // The last pixel's column is Width - 1.
        box[0] = Math.Clamp(box[0], 0, size.Width - 1) / size.ScaleX;
        box[1] = Math.Clamp(box[1], 0, size.Height - 1) / size.ScaleY;
        box[2] /= size.ScaleX;
        box[3] /= size.ScaleY;
    }
}
