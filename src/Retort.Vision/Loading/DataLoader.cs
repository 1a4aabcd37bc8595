using Retort.Core.Options;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Transforms;

namespace Retort.Vision.Loading;

/// <summary>
/// Turns a data set into batches, loading ahead on threads of its own. Order and augmentation depend on the seed and the epoch only,
/// never on the number of workers or on timing.
/// </summary>
public sealed class DataLoader
{
    private readonly BatchSampler _sampler;

    /// <summary>Checks the options and goes through the annotations; reads no image.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="pipeline">What happens to an image.</param>
    /// <param name="options">How images come together in batches.</param>
    /// <exception cref="OptionException">An option is outside its range.</exception>
    /// <exception cref="DatasetException">There is no image to make a batch of.</exception>
    public DataLoader(IDetectionDataset dataset, PipelineOptions pipeline, DataLoaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(options);
        OptionRules.Check(pipeline);
        OptionRules.Check(options);
        (Dataset, Pipeline, Options) = (dataset, pipeline, options);
        (Summary, List<(int Index, bool Wide)> used) = LoaderSummary.Scan(dataset, options);
        _sampler = new BatchSampler(used, options);
        if (used.Count == 0)
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.NoAnnotations, dataset.Name, "",
                    $"there is no image to make a batch of ({dataset.Count} images with {Summary.Objects} objects that can be used)",
                "Check that these are the right annotations; images without objects are left out of training unless 'loader.filterEmpty' "
                    + "is false."));
        }

        if (_sampler.Count == 0)
        {
            throw new OptionException(
                "batchSize", $"'batchSize' is {options.BatchSize}, but it must be small enough for {used.Count} images if incomplete "
                    + "batches are dropped");
        }
    }

    /// <summary>The images.</summary>
    public IDetectionDataset Dataset { get; }

    /// <summary>What happens to an image.</summary>
    public PipelineOptions Pipeline { get; }

    /// <summary>How images come together in batches.</summary>
    public DataLoaderOptions Options { get; }

    /// <summary>What was found in the annotations.</summary>
    public LoaderSummary Summary { get; }

    /// <summary>Batches an epoch, the same for all epochs.</summary>
    public int BatchesPerEpoch => _sampler.Count;

    /// <summary>Receives a line for each image that is left out because it cannot be read; called on the reader's thread.</summary>
    public Action<string>? Warning { get; init; }

    /// <summary>Receives what is remarkable about images that are used, such as 16 bits a sample; called on the reader's thread.</summary>
    public ImageIssueWarnings? Issues { get; init; }

    /// <summary>A loader that gives every image once, in order, without random choices, those without objects too.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="pipeline">What happens to an image; without its random parts.</param>
    /// <param name="options">How images come together in batches.</param>
    /// <param name="warning">Receives a line for each image that is left out because it cannot be read.</param>
    /// <param name="issues">Receives what is remarkable about images that are used.</param>
    public static DataLoader ForEvaluation(
        IDetectionDataset dataset, PipelineOptions pipeline, DataLoaderOptions options, Action<string>? warning =
            null, ImageIssueWarnings? issues = null)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(options);
        return new DataLoader(dataset, pipeline.ForEvaluation(), options.ForEvaluation()) { Warning = warning, Issues = issues };
    }

    /// <summary>The indices into the data set of each batch of an epoch.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Order(int epoch) => _sampler.Epoch(epoch);

    /// <summary>Loads the batches of an epoch; the caller disposes each. Threads run only while the result is being read.</summary>
    /// <param name="epoch">The epoch, from 0: it selects order and augmentation.</param>
    /// <param name="startBatch">The first batch to load, 0 to <see cref="BatchesPerEpoch"/>; the batches are those of a whole epoch from
    /// there on.</param>
    /// <param name="cancellation">Stops the loading.</param>
    /// <exception cref="Imaging.ImageFormatException">An image cannot be used; surfaces at its batch.</exception>
    public IEnumerable<ImageBatch> Epoch(int epoch, int startBatch = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(startBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startBatch, BatchesPerEpoch);
        return Read(epoch, startBatch, cancellation);
    }

    private IEnumerable<ImageBatch> Read(int epoch, int startBatch, CancellationToken cancellation)
    {
        using var prefetcher = new Prefetcher(new SampleLoader(Dataset, Pipeline, Options, epoch), _sampler.Epoch(epoch), startBatch,
            Options, cancellation);
        while (prefetcher.Next(Warning, Issues) is { } batch)
        {
            yield return batch;
        }
    }
}
