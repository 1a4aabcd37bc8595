using Retort.Torch;

namespace Retort.Detection.Dense;

/// <summary>
/// Some priors of one pyramid level over the whole batch: the form in which regions and positives travel. The indices are made on
/// the host with the assignment, so selecting never reads back from the device.
/// </summary>
/// <param name="Image">Index of the image, int64 [K].</param>
/// <param name="Prior">Index of the prior within the level (row, column, anchor), int64 [K].</param>
/// <param name="Weight">The region's own value of each prior (for the VLR its IoU with the object; one where the region has none), float [K].</param>
/// <param name="Count">K, known on the host.</param>
public sealed record PriorSelection(Tensor Image, Tensor Prior, Tensor Weight, int Count);
