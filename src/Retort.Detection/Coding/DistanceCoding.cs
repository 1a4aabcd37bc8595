using Retort.Core.Geometry;
using Retort.Detection.Geometry;
using Retort.Torch;

namespace Retort.Detection.Coding;

/// <summary>
/// Upright boxes as the distances of their sides from the prior's centre, in strides, each predicted as a distribution over the bins 0 to n
/// (Li et al. 2020, Generalized Focal Loss): GFL, GFLv2, and ATSS, FCOS and RetinaNet in their distribution forms.
/// </summary>
public sealed class DistanceCoding : IBoxCoding
{
    /// <inheritdoc/>
    public BoxForm Form => BoxForm.Upright;

    /// <inheritdoc/>
    public Tensor FromPixels(Tensor boxes, Tensor strides) => boxes / strides;

    /// <inheritdoc/>
    public Tensor ToPixels(Tensor boxes, Tensor strides) => boxes * strides;

    /// <inheritdoc/>
    public Tensor Values(Tensor logits) => EdgeDistributions.Expectation(logits, Form.Numbers());

    /// <inheritdoc/>
    /// <remarks>Left, top, right, bottom; negative where the centre lies outside of the box.</remarks>
    public Tensor Encode(Tensor priors, Tensor boxes) => BoxDistances.Encode(Centres(priors), boxes);

    /// <inheritdoc/>
    public Tensor Decode(Tensor priors, Tensor logits) => BoxDistances.Decode(Centres(priors), Values(logits));

    private static Tensor Centres(Tensor priors) => (priors.Narrow(1, 0, 2) + priors.Narrow(1, 2, 2)) / 2;
}
