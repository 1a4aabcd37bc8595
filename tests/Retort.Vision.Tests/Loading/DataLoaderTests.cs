using Retort.Core.Options;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Loading;

public class DataLoaderTests
{
    private static readonly PipelineOptions Pipeline = new()
    {
        Scales = [new(96, 64), new(128, 96)],
        Mode = ScaleMode.Range,
    };

    [Fact]
    public void Batches_do_not_depend_on_the_number_of_workers()
    {
        using var dataset = new MemoryDataset(23);
        DataLoader one = new(dataset, Pipeline, new DataLoaderOptions { BatchSize = 4, Workers = 1, Prefetch = 1, Seed = 5 });
        DataLoader many = new(dataset, Pipeline, new DataLoaderOptions { BatchSize = 4, Workers = 7, Prefetch = 5, Seed = 5 });
        Assert.Equal(Contents(one.Epoch(1)), Contents(many.Epoch(1)));
        Assert.NotEqual(Contents(one.Epoch(0)), Contents(one.Epoch(1)));
    }

    [Fact]
    public void A_resumed_epoch_goes_on_where_the_whole_one_was()
    {
        using var dataset = new MemoryDataset(20);
        var loader = new DataLoader(dataset, Pipeline, new DataLoaderOptions { BatchSize = 3 });
        Assert.Equal(Contents(loader.Epoch(2))[4..], Contents(loader.Epoch(2, startBatch: 4)));
        Assert.Empty(loader.Epoch(2, startBatch: loader.BatchesPerEpoch));
    }

    [Fact]
    public void Another_seed_is_another_order()
    {
        using var dataset = new MemoryDataset(20);
        Assert.NotEqual(
            new DataLoader(dataset, Pipeline, new DataLoaderOptions { BatchSize = 2, Seed = 1 }).Order(0).SelectMany(b => b),
            new DataLoader(dataset, Pipeline, new DataLoaderOptions { BatchSize = 2, Seed = 2 }).Order(0).SelectMany(b => b));
    }

    [Fact]
    public void Slots_hold_the_image_and_zeros_around_it()
    {
        using var dataset = new MemoryDataset(9);
        var loader = new DataLoader(dataset, Pipeline, new DataLoaderOptions { BatchSize = 3 });
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                Assert.Equal(batch.Height, batch.Items.Max(i => i.Geometry.Padded.Height));
                Assert.Equal(batch.Width, batch.Items.Max(i => i.Geometry.Padded.Width));
                for (int n = 0; n < batch.Count; n++)
                {
                    AssertSlot(batch, n, loader.Pipeline);
                }
            }
        }
    }

    [Fact]
    public void Evaluation_gives_every_image_once_in_order_without_flips()
    {
        using var dataset = new MemoryDataset(7);
        dataset.SetObjects(3);
        DataLoader loader = DataLoader.ForEvaluation(dataset, Pipeline, new DataLoaderOptions { EvaluationBatchSize = 3 });
        var items = new List<BatchItem>();
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                items.AddRange(batch.Items);
            }
        }

        Assert.Equal(Enumerable.Range(0, 7), items.Select(i => i.Index));
        Assert.All(items, i => Assert.False(i.Geometry.FlipHorizontal || i.Geometry.FlipVertical));
        Assert.All(items, i => Assert.Equal(new ImageScale(128, 96).Fit(i.Geometry.Original), i.Geometry.Resized));
        Assert.Equal(0, items[3].Boxes.Count);
    }

    [Fact]
    public void Boxes_are_clipped_dropped_or_set_apart()
    {
        using var dataset = new MemoryDataset(1); // 40 x 64
        dataset.SetObjects(
            0,
            new ObjectAnnotation(new Box(-10, 50, 20, 90), 1, false, 1),
            new ObjectAnnotation(new Box(50, 5, 60, 15), 0, false, 1), // outside
            new ObjectAnnotation(new Box(5, 5, 5, 15), 0, false, 1), // empty
            new ObjectAnnotation(new Box(5, 5, 5.5f, 15), 0, false, 1), // below one pixel
            new ObjectAnnotation(new Box(0, 0, 10, 10), 0, true, 1),
            new ObjectAnnotation(new Box(10, 10, 20, 20), 0, false, 1, Difficult: true));
        var pipeline = new PipelineOptions { Scales = [new(128, 80)], FlipProbability = 0 };
        var loader = new DataLoader(dataset, pipeline, new DataLoaderOptions { BatchSize = 1 });
        Assert.Equal(new LoaderSummary(1, 1, 1, 2, 1, 2, 1), loader.Summary);
        Assert.StartsWith("2 of 6 objects are narrower or lower than 1 pixel", loader.Summary.SmallObjects(1));
        Assert.Null((loader.Summary with { TooSmall = 0 }).SmallObjects(1));
        using ImageBatch batch = loader.Epoch(0).Single();
        Assert.Equal([0, 100, 40, 128], batch.Items[0].Boxes.ToArray());
        Assert.Equal([1], batch.Items[0].Labels);
        Assert.Equal([0, 0, 20, 20, 20, 20, 40, 40], batch.Items[0].IgnoredBoxes.ToArray());
    }

    [Fact]
    public void Images_without_objects_are_left_out_those_with_crowds_or_difficult_objects_stay()
    {
        using var dataset = new MemoryDataset(5);
        dataset.SetObjects(0);
        dataset.SetObjects(1, new ObjectAnnotation(new Box(5, 5, 5, 15), 0, false, 1)); // an empty one only
        dataset.SetObjects(2, new ObjectAnnotation(new Box(1, 1, 9, 9), 0, true, 1)); // a crowd only
        dataset.SetObjects(3, new ObjectAnnotation(new Box(1, 1, 9, 9), 0, false, 1, Difficult: true));
        var options = new DataLoaderOptions { BatchSize = 1 };
        Assert.Equal([2, 3, 4], new DataLoader(dataset, Pipeline, options).Order(0).SelectMany(b => b).Order());
        Assert.Equal(5, new DataLoader(dataset, Pipeline, options with { FilterEmpty = false }).BatchesPerEpoch);
    }

    [Fact]
    public void A_data_set_without_objects_is_an_error_that_names_it()
    {
        using var dataset = new MemoryDataset(1);
        dataset.SetObjects(0);
        DatasetException error = Assert.Throws<DatasetException>(() => new DataLoader(dataset, Pipeline, new DataLoaderOptions()));
        Assert.StartsWith("memory: there is no image to make a batch of (1 images with 0 objects", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_outside_their_range_are_named()
    {
        using var dataset = new MemoryDataset(1);
        OptionException error = Assert.Throws<OptionException>(() =>
            new DataLoader(dataset, Pipeline, new DataLoaderOptions { Prefetch = 0 }));
        Assert.Equal("prefetch", error.Option);
        Assert.Contains("'prefetch' is 0, but it must be from 1 to 64", error.Message, StringComparison.Ordinal);
        Assert.Throws<OptionException>(
            () => new DataLoader(dataset, Pipeline, new DataLoaderOptions { BatchSize = 2, LastBatch = LastBatch.Drop }));
    }

    // Each batch as text and a hash of its values; disposes the batches.
    internal static List<string> Contents(IEnumerable<ImageBatch> batches)
    {
        var contents = new List<string>();
        foreach (ImageBatch batch in batches)
        {
            using (batch)
            {
                IEnumerable<string> items = batch.Items.Select((item, n) =>
                    $"{item.Index} {item.Geometry} [{string.Join(' ', item.Boxes.ToArray())}] {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch[n])))}");
                contents.Add($"{batch.Number}: {string.Join(", ", items)}");
            }
        }

        return contents;
    }

    private static void AssertSlot(ImageBatch batch, int n, PipelineOptions normalize)
    {
        SampleGeometry geometry = batch.Items[n].Geometry;
        Span<float> values = batch[n];
        for (int i = 0; i < values.Length; i++)
        {
            (int x, int y) = (i % batch.Width, i / batch.Width % batch.Height);
            if (x >= geometry.Resized.Width || y >= geometry.Resized.Height)
            {
                Assert.Equal(0, values[i]);
            }
        }

        // Undoing the normalisation gives bytes.
        int middle = (geometry.Resized.Height / 2 * batch.Width) + (geometry.Resized.Width / 2);
        double value = (values[middle] * normalize.Std[0]) + normalize.Mean[0];
        Assert.Equal(Math.Round(value), value, 1e-3);
        Assert.InRange(value, -0.01, 255.01);
    }
}
