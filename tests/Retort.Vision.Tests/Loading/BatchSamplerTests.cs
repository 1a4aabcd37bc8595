using CsCheck;
using Retort.Vision.Loading;

namespace Retort.Vision.Tests.Loading;

public class BatchSamplerTests
{
    private static readonly Gen<(List<(int Index, bool Wide)> Images, DataLoaderOptions Options)> Cases = Gen.Select(
        Gen.Bool.Array[1, 60], Gen.Int[1, 7], Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[1, 3],
            (wide, batch, last, shuffle, group, shards) => (
            wide.Select((w, i) => (i * 2, w)).ToList(),
            new DataLoaderOptions
            {
                BatchSize = batch,
                LastBatch = (LastBatch)last,
                Shuffle = shuffle,
                AspectGrouping = group,
                Shards = shards,
                Seed = batch
            }));

    [Fact]
    public void Every_image_is_in_an_epoch_unless_incomplete_batches_are_dropped() => Cases.Sample((images, options) =>
    {
        int[][] batches = [.. AllShards(images, options).SelectMany(b => b)];
        int[] seen = [.. batches.SelectMany(b => b)];
        Assert.Empty(seen.Except(images.Select(i => i.Index)));
        if (options.LastBatch == LastBatch.Drop)
        {
            Assert.Equal(seen.Length, seen.Distinct().Count());
        }
        else
        {
            Assert.Equal(images.Count, seen.Distinct().Count());
        }
    });

    [Fact]
    public void Batches_are_full_of_one_group_and_as_many_in_every_shard() => Cases.Sample((images, options) =>
    {
        if (options.LastBatch == LastBatch.Keep)
        {
            return;
        }

        var wide = images.ToDictionary(i => i.Index, i => i.Wide);
        int[][][] shards = AllShards(images, options);
        Assert.All(shards, s => Assert.Equal(shards[0].Length, s.Length));
        Assert.All(shards.SelectMany(s => s), b => Assert.Equal(options.BatchSize, b.Length));
        if (options.AspectGrouping)
        {
            Assert.All(shards.SelectMany(s => s), b => Assert.Single(b.Select(i => wide[i]).Distinct()));
        }
    });

    [Fact]
    public void Every_epoch_has_the_same_number_of_batches() => Cases.Sample((images, options) =>
    {
        var sampler = new BatchSampler(images, options);
        Assert.Equal(sampler.Count, sampler.Epoch(7).Length);
    });

    [Fact]
    public void Without_shuffling_and_groups_the_order_is_that_of_the_data_set()
    {
        List<(int, bool)> images = [(0, true), (1, false), (2, true), (3, true), (4, false)];
        var options = new DataLoaderOptions { BatchSize = 2, Shuffle = false, AspectGrouping = false };
        Assert.Equal<int[]>([[0, 1], [2, 3], [4, 0]], new BatchSampler(images, options).Epoch(3));
        Assert.Equal<int[]>([[0, 1], [2, 3], [4]], new BatchSampler(images, options with { LastBatch = LastBatch.Keep }).Epoch(3));
        Assert.Equal<int[]>([[0, 1], [2, 3]], new BatchSampler(images, options with { LastBatch = LastBatch.Drop }).Epoch(3));
    }

    private static int[][][] AllShards(List<(int Index, bool Wide)> images, DataLoaderOptions options) =>
        [.. Enumerable.Range(0, options.Shards).Select(s => new BatchSampler(images, options with { Shard = s }).Epoch(2))];
}
