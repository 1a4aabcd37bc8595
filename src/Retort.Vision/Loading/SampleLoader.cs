using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>Plans the batches of one epoch and loads single images into them. Safe to use from several threads.</summary>
internal sealed class SampleLoader(IDetectionDataset dataset, PipelineOptions pipeline, DataLoaderOptions options, int epoch)
{
    /// <summary>Makes the random choices of a batch and takes memory for it.</summary>
    public PendingBatch Plan(int number, int[] indices)
    {
        var items = new BatchItem[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            ImageRecord record = dataset[indices[i]];
            SampleGeometry geometry = pipeline.Plan(new ImageSize(record.Width, record.Height),
                new SampleRandom(options.Seed, epoch, indices[i]));
            items[i] = ObjectSelection.ToItem(indices[i], record, geometry, options.MinimumObjectSide);
        }

        return new PendingBatch(number, items);
    }

    /// <summary>Decodes an image and renders it into its slot.</summary>
    /// <exception cref="ImageFormatException">The image cannot be read or has not the annotated size.</exception>
    public void Load(PendingBatch batch, int slot)
    {
        BatchItem item = batch.Items[slot];
        using Image image = ImageDecoder.Decode(item.Path);
        ImageSize annotated = item.Geometry.Original;
        if (image.Width != annotated.Width || image.Height != annotated.Height)
        {
            throw new ImageFormatException(
                item.Path,
                $"the file has {image.Width}x{image.Height} pixels (upright, by its EXIF orientation) but the annotations of "
                    + $"'{dataset.Name}' say {annotated} (image id {item.ImageId})",
                "its boxes would be wrong: correct the annotation or put the right file there");
        }

        batch.Issues[slot] = image.Issues;
        using Image? turned = item.Geometry.Rotation == 0 ? null : ImageRotation.Rotate(image, item.Geometry.Rotation);
        ImageRenderer.Render(turned ?? image, item.Geometry, pipeline, batch.Slot(slot), batch.Canvas);
    }
}
