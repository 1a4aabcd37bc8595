using Retort.Core.Options;

namespace Retort.Vision.Loading;

/// <summary>What becomes of the images that do not fill a batch.</summary>
public enum LastBatch
{
    /// <summary>The batch is filled with images of the same group that are already in the epoch.</summary>
    Fill,

    /// <summary>The images are left out of this epoch.</summary>
    Drop,

    /// <summary>The batch is smaller.</summary>
    Keep,
}

/// <summary>What happens when an image cannot be read or has not the annotated size.</summary>
public enum UnreadableImage
{
    /// <summary>The error reaches the reader of the batches.</summary>
    Fail,

    /// <summary>The image is left out of its batch and a warning is given.</summary>
    Skip,
}

/// <summary>How images are put together into batches.</summary>
public sealed record DataLoaderOptions : IOptionsTogether
{
    /// <summary>Images a step, over all devices.</summary>
    [Within(1, 4096)]
    public int BatchSize { get; init; } = 4;

    /// <summary>Images a step in evaluation.</summary>
    [Within(1, 4096)]
    [Affects(Effect.Execution)]
    public int EvaluationBatchSize { get; init; } = 1;

    /// <summary>Threads that prepare images; 0 takes as many as there are cores. Does not change the order of images.</summary>
    [Within(0, 256)]
    [Affects(Effect.Execution)]
    public int Workers { get; init; }

    /// <summary>Batches prepared ahead.</summary>
    [Within(1, 64)]
    [Affects(Effect.Execution)]
    public int Prefetch { get; init; } = 2;

    /// <summary>Whether a batch has only wide or only tall images, which saves padding.</summary>
    public bool AspectGrouping { get; init; } = true;

    // The authors' code looks whether there are annotations, not of which kind.

    /// <summary>
    /// Whether images without any box are left out of training. Those that have only crowds or difficult objects stay, as background.
    /// </summary>
    public bool FilterEmpty { get; init; } = true;

    /// <summary>
    /// What to do with an image that cannot be read, or has another size than annotated. If it is skipped in evaluation, its objects count
    /// as not found.
    /// </summary>
    [Affects(Effect.Execution)]
    public UnreadableImage Unreadable { get; init; } = UnreadableImage.Fail;

    /// <summary>A new order each epoch. Default: true.</summary>
    [CodeOnly]
    public bool Shuffle { get; init; } = true;

    /// <summary>What becomes of the images that do not fill a batch. Default: fill.</summary>
    [CodeOnly]
    public LastBatch LastBatch { get; init; } = LastBatch.Fill;

    /// <summary>Objects whose annotated width or height is less are not trained on; original pixels. Default: 1.</summary>
    [CodeOnly]
    [Within(0, 1000)]
    public float MinimumObjectSide { get; init; } = 1;

    /// <summary>Seed of the order and the augmentation. Default: 0.</summary>
    [CodeOnly]
    public long Seed { get; init; }

    /// <summary>Number of processes that share an epoch. Default: 1.</summary>
    [CodeOnly]
    [Within(1, 4096)]
    public int Shards { get; init; } = 1;

    /// <summary>This process's share, 0 to <see cref="Shards"/> - 1. Default: 0.</summary>
    [CodeOnly]
    [Within(0, 4095)]
    public int Shard { get; init; }

    /// <summary>Threads that prepare images, given or inferred.</summary>
    internal int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    /// <summary>
    /// The options of evaluation: every image once, in the data set's order, those without objects too, <see cref="EvaluationBatchSize"/> a
    /// batch.
    /// </summary>
    public DataLoaderOptions ForEvaluation() => this with
    {
        BatchSize = EvaluationBatchSize,
        Shuffle = false,
        AspectGrouping = false,
        LastBatch = LastBatch.Keep,
        FilterEmpty = false,
    };

    /// <inheritdoc/>
    public void Check(OptionProblems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (Shard >= Shards)
        {
            problems.Refuse("shard", $"{problems.Name("shard")} is {Shard}, but there are {Shards} shards, counted from 0");
        }
    }
}
