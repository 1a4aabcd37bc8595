using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Vision.Loading;

namespace Retort.Training.Data;

/// <summary>A loaded batch as the network and the assigner want it.</summary>
internal static class BatchTensors
{
    /// <summary>
    /// The images [N, 3, H, W] on the device. On the processor the tensor shares the batch's memory, so the batch must outlive it.
    /// </summary>
    public static unsafe Tensor Images(ImageBatch batch, Device device) =>
        Tensor.FromMemory((void*)batch.Address, ScalarType.Float32, batch.Count, 3, batch.Height, batch.Width).To(device);

    /// <summary>The ground truth of every image, in pixels of the network's input.</summary>
    public static IReadOnlyList<ImageTargets> Targets(ImageBatch batch) =>
    [
        .. batch.Items.Select(item => new ImageTargets(
            item.Geometry.Padded.Height, item.Geometry.Padded.Width, item.Geometry.Resized.Height, item.Geometry.Resized.Width, item.Boxes,
                item.Labels)
        {
            RotatedBoxes = item.RotatedBoxes,
            IgnoredBoxes = item.IgnoredBoxes,
        }),
    ];

    /// <summary>Where each image lies in the network's input.</summary>
    public static IReadOnlyList<ImagePlacement> Placements(ImageBatch batch) => [.. batch.Items.Select(item => item.Geometry.Placement)];
}
