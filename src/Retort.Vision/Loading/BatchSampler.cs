using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>
/// Divides the images of an epoch into batches. The division depends on the seed and the epoch only; every epoch has the same number
/// of batches.
/// </summary>
internal sealed class BatchSampler
{
    // Sample indices start at 0: this sequence belongs to none of them.
    private const int OrderSequence = -1;

    private readonly DataLoaderOptions _options;
    private readonly int[][] _groups;

    public BatchSampler(IReadOnlyList<(int Index, bool Wide)> images, DataLoaderOptions options)
    {
        _options = options;
        _groups = options.AspectGrouping
            ? [[.. images.Where(i => !i.Wide).Select(i => i.Index)], [.. images.Where(i => i.Wide).Select(i => i.Index)]]
            : [[.. images.Select(i => i.Index)]];
        Count = Epoch(0).Length;
    }

    /// <summary>Batches an epoch of this shard.</summary>
    public int Count { get; }

    /// <summary>The batches of this shard in an epoch, as indices into the data set.</summary>
    public int[][] Epoch(int epoch)
    {
        var random = new SampleRandom(_options.Seed, epoch, OrderSequence);
        var batches = new List<int[]>();
        foreach (int[] group in _groups)
        {
            int[] order = [.. group];
            if (_options.Shuffle)
            {
                random.Shuffle(order.AsSpan());
            }

            batches.AddRange(Complete(order, random).Chunk(_options.BatchSize));
        }

        int[][] all = [.. batches];
        if (_options.Shuffle)
        {
            random.Shuffle(all.AsSpan());
        }

        return [.. all.Where((_, i) => i % _options.Shards == _options.Shard)];
    }

    // All shards get the same number of full batches unless the last one is kept as it is.
    private int[] Complete(int[] order, SampleRandom random)
    {
        int unit = _options.BatchSize * _options.Shards;
        int rest = order.Length % unit;
        if (rest == 0 || _options.LastBatch == LastBatch.Keep)
        {
            return order;
        }

        if (_options.LastBatch == LastBatch.Drop)
        {
            return order[..^rest];
        }

        IEnumerable<int> extra = Enumerable.Range(0, unit - rest).Select(
            i => order[_options.Shuffle ? random.NextInt(0, order.Length) : i % order.Length]);
        return [.. order, .. extra];
    }
}
