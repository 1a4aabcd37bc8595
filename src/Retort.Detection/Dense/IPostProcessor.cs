using Retort.Core.Geometry;
using Retort.Detection.Coding;

namespace Retort.Detection.Dense;

/// <summary>Turns predictions into final detections.</summary>
public interface IPostProcessor
{
    /// <summary>Decodes, filters and suppresses.</summary>
    /// <param name="output">Predictions of a batch.</param>
    /// <param name="placements">Where each image lies in the network's input; boxes are clipped to it and given in pixels of the
    /// original.</param>
    /// <param name="coding">The detector's box coding.</param>
    IReadOnlyList<Detections> Process(DenseOutput output, IReadOnlyList<ImagePlacement> placements, IBoxCoding coding);
}
