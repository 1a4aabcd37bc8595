using Retort.Vision.Transforms;

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

/// <summary>How images come together in batches.</summary>
public sealed record DataLoaderOptions
{
    /// <summary>Images a batch, 1 to 4096. Default: 2.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>A new order each epoch. Default: true.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Batches hold either images wider than high or the others, so that little is padded. Default: true.</summary>
    public bool GroupByAspectRatio { get; init; } = true;

    /// <summary>What becomes of the images that do not fill a batch. Default: fill.</summary>
    public LastBatch LastBatch { get; init; } = LastBatch.Fill;

    /// <summary>
    /// Leave out images without objects. Those whose objects are all crowds or difficult stay, as background: the authors' code looks whether there are annotations,
    /// not of which kind. Default: true.
    /// </summary>
    public bool SkipImagesWithoutObjects { get; init; } = true;

    /// <summary>Objects whose annotated width or height is less are not trained on; original pixels, 0 to 1000. Default: 1.</summary>
    public float MinimumObjectSide { get; init; } = 1;

    /// <summary>What happens when an image cannot be read. Default: fail.</summary>
    public UnreadableImage Unreadable { get; init; } = UnreadableImage.Fail;

    /// <summary>Threads that load images, 1 to 256. Default: 2.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Batches that are loaded ahead of the one in use, 1 to 64. Default: 3.</summary>
    public int Prefetch { get; init; } = 3;

    /// <summary>Seed of the order and the augmentation. Default: 0.</summary>
    public long Seed { get; init; }

    /// <summary>Number of processes that share an epoch, 1 to 4096. Default: 1.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>This process's share, 0 to <see cref="Shards"/> - 1. Default: 0.</summary>
    public int Shard { get; init; }

    /// <summary>The options of evaluation: every image once, in the data set's order, those without objects too.</summary>
    public DataLoaderOptions ForEvaluation() => this with
    {
        Shuffle = false,
        GroupByAspectRatio = false,
        LastBatch = LastBatch.Keep,
        SkipImagesWithoutObjects = false,
    };

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InvalidOptionException">A value is outside its range.</exception>
    public void Validate()
    {
        Check(BatchSize is >= 1 and <= 4096, "batch_size", BatchSize, "between 1 and 4096");
        Check(Enum.IsDefined(LastBatch), "last_batch", LastBatch, "fill, drop or keep");
        Check(Enum.IsDefined(Unreadable), "unreadable", Unreadable, "fail or skip");
        Check(MinimumObjectSide is >= 0 and <= 1000, "minimum_object_side", MinimumObjectSide, "between 0 and 1000 pixels");
        Check(Workers is >= 1 and <= 256, "workers", Workers, "between 1 and 256");
        Check(Prefetch is >= 1 and <= 64, "prefetch", Prefetch, "between 1 and 64");
        Check(Shards is >= 1 and <= 4096, "shards", Shards, "between 1 and 4096");
        Check(Shard >= 0 && Shard < Shards, "shard", Shard, $"between 0 and {Shards - 1}");
    }

    private static void Check(bool holds, string option, object? value, string requirement) =>
        InvalidOptionException.ThrowUnless(holds, "loader." + option, value, requirement);
}
