using Retort.Core.Geometry;
using Retort.Torch;

namespace Retort.Detection.Coding;

/// <summary>
/// How a detector's box logits stand for boxes: relative to a prior, as numbers or as distributions over bins. A detector owns one; its
/// criterion, its post-processor and a distiller read it from there. Pure functions of tensors.
/// </summary>
public interface IBoxCoding
{
    /// <summary>The form of the decoded boxes, which has as many edges as a box has numbers, E.</summary>
    BoxForm Form { get; }

    /// <summary>
    /// Takes priors or boxes from pixels to the unit that they are encoded and decoded in: the stride of their level, or pixels.
    /// </summary>
    /// <param name="boxes">Priors or boxes, pixels, float [K, 4] or [K, E].</param>
    /// <param name="strides">Stride of each one's level, pixels, float [K, 1].</param>
    Tensor FromPixels(Tensor boxes, Tensor strides);

    /// <summary>Takes decoded boxes back to pixels.</summary>
    /// <param name="boxes">Float [K, E].</param>
    /// <param name="strides">Stride of each one's level, pixels, float [K, 1].</param>
    Tensor ToPixels(Tensor boxes, Tensor strides);

    /// <summary>The numbers that the logits stand for, float [K, E]: of a distribution its expectation.</summary>
    /// <param name="logits">Box logits, float [K, E*(n+1)], edge-major; float [K, E] where a detector predicts the numbers
    /// themselves.</param>
    Tensor Values(Tensor logits);

    /// <summary>The numbers that boxes are predicted by, float [K, E].</summary>
    /// <param name="priors">x1 y1 x2 y2, in the coding's unit, float [K, 4].</param>
    /// <param name="boxes">In the coding's unit, float [K, E].</param>
    Tensor Encode(Tensor priors, Tensor boxes);

    /// <summary>The boxes that are predicted, in the coding's unit, float [K, E].</summary>
    /// <param name="priors">x1 y1 x2 y2, in the coding's unit, float [K, 4].</param>
    /// <param name="logits">See <see cref="Values"/>.</param>
    Tensor Decode(Tensor priors, Tensor logits);
}
