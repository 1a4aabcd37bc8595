using Retort.Core.Files;
using Retort.Vision.Data;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests.Loading;

public class DataLoaderFailureTests
{
    private static readonly PipelineOptions Pipeline = new() { Scales = [new(96, 64)] };
    private static readonly DataLoaderOptions InOrder =
        new() { BatchSize = 2, Shuffle = false, AspectGrouping = false, LastBatch = LastBatch.Keep };

    [Fact]
    public void An_unreadable_image_surfaces_at_its_batch_with_its_name()
    {
        using var dataset = new MemoryDataset(8);
        File.WriteAllBytes(dataset[5].Path, File.ReadAllBytes(dataset[5].Path)[..300]);
        using IEnumerator<ImageBatch> batches = new DataLoader(dataset, Pipeline, InOrder).Epoch(0).GetEnumerator();
        for (int i = 0; i < 2; i++)
        {
            Assert.True(batches.MoveNext());
            batches.Current.Dispose();
        }

        ImageFormatException error = Assert.Throws<ImageFormatException>(() => batches.MoveNext());
        Assert.Equal(dataset[5].Path, error.Path);
    }

    [Fact]
    public void A_missing_file_surfaces_with_its_name()
    {
        using var dataset = new MemoryDataset(2);
        File.Delete(dataset[1].Path);
        UserFileException error = Assert.Throws<UserFileException>(() => Drain(new DataLoader(dataset, Pipeline, InOrder)));
        Assert.Contains(dataset[1].Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_differs_from_the_annotation_names_both()
    {
        using var dataset = new MemoryDataset(2);
        dataset.Records[1] = dataset[1] with { Width = 48, Height = 65 };
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => Drain(new DataLoader(dataset, Pipeline, InOrder)));
        Assert.All([dataset[1].Path, "65x48", "48x65", "memory", "101"],
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_size_of_nothing_in_the_annotation_is_an_error()
    {
        using var dataset = new MemoryDataset(2);
        dataset.Records[1] = dataset[1] with { Width = 0 };
        ImageFormatException error = Assert.Throws<ImageFormatException>(() => new DataLoader(dataset, Pipeline, InOrder));
        Assert.Contains("0x48", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unreadable_images_can_be_left_out_with_a_warning()
    {
        using var dataset = new MemoryDataset(7);
        foreach (int broken in new[] { 0, 4, 5 })
        {
            File.WriteAllBytes(dataset[broken].Path, []);
        }

        var warnings = new List<string>();
        var loader = new DataLoader(dataset, Pipeline, InOrder with { Unreadable = UnreadableImage.Skip }) { Warning = warnings.Add };
        var whole = new DataLoader(dataset, Pipeline, InOrder with { BatchSize = 1, Unreadable = UnreadableImage.Skip });
        var kept = new List<int>();
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            using (batch)
            {
                kept.AddRange(batch.Items.Select(i => i.Index));
                AssertSameAsAlone(batch, whole);
            }
        }

        Assert.Equal([1, 2, 3, 6], kept);
        Assert.Equal(3, warnings.Count);
        Assert.Contains(dataset[4].Path, warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_sixteen_bits_are_warned_of_once()
    {
        using var dataset = new MemoryDataset(4);
        foreach (int deep in new[] { 1, 2 })
        {
            File.WriteAllBytes(dataset[deep].Path, Pictures.GrayOfSixteenBits(dataset[deep].Width, dataset[deep].Height));
        }

        var warnings = new List<string>();
        var loader = new DataLoader(dataset, Pipeline, InOrder) { Issues = new ImageIssueWarnings(warnings.Add) };
        Drain(loader);
        Drain(loader);
        Assert.StartsWith($"{dataset[1].Path}: the image has 16 bits a sample", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failing_data_set_reaches_the_reader()
    {
        using var dataset = new MemoryDataset(6);
        var loader = new DataLoader(dataset, Pipeline, InOrder);
        dataset.Records.RemoveRange(2, 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => Drain(loader));
    }

    [Fact]
    public void Loading_can_be_cancelled_and_abandoned()
    {
        using var dataset = new MemoryDataset(12);
        var loader = new DataLoader(dataset, Pipeline, InOrder);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (ImageBatch batch in loader.Epoch(0, cancellation: cancellation.Token))
            {
                batch.Dispose();
                cancellation.Cancel();
            }
        });
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            batch.Dispose();
            break; // leaving the loop stops the threads, or this test would not end
        }
    }

    [Fact]
    public void Workers_do_not_run_ahead_of_the_reader()
    {
        using var dataset = new MemoryDataset(20);
        var counting = new CountingDataset(dataset);
        var loader = new DataLoader(counting, Pipeline, InOrder with { BatchSize = 1, Prefetch = 2, Workers = 4 });
        counting.Reads = 0;
        using IEnumerator<ImageBatch> batches = loader.Epoch(0).GetEnumerator();
        batches.MoveNext();
        batches.Current.Dispose();
        Thread.Sleep(200); // long enough for workers that do not wait to read everything
        Assert.InRange(counting.Reads, 1, 1 + 2 + 1);
    }

    private static void AssertSameAsAlone(ImageBatch batch, DataLoader single)
    {
        for (int n = 0; n < batch.Count; n++)
        {
            foreach (ImageBatch alone in single.Epoch(0))
            {
                using (alone)
                {
                    if (alone.Items[0].Index == batch.Items[n].Index)
                    {
                        Assert.Equal(alone[0][alone.Width + 1], batch[n][batch.Width + 1]);
                    }
                }
            }
        }
    }

    private static void Drain(DataLoader loader)
    {
        foreach (ImageBatch batch in loader.Epoch(0))
        {
            batch.Dispose();
        }
    }

    private sealed class CountingDataset(IDetectionDataset inner) : IDetectionDataset
    {
        private int _reads;

        public int Reads
        {
            get => Volatile.Read(ref _reads);
            set => Volatile.Write(ref _reads, value);
        }

        public string Name => inner.Name;

        public IReadOnlyList<string> ClassNames => inner.ClassNames;

        public IReadOnlyList<long> CategoryIds => inner.CategoryIds;

        public int Count => inner.Count;

        public ImageRecord this[int index]
        {
            get
            {
                Interlocked.Increment(ref _reads);
                return inner[index];
            }
        }
    }
}
