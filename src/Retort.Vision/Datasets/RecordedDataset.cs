using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>A data set whose records were all read when it was opened, and what was found while reading.</summary>
public abstract class RecordedDataset : IDetectionDataset
{
    private readonly ImageRecord[] _records;

    private protected RecordedDataset(
        string name, IReadOnlyList<string> classNames, IReadOnlyList<long> categoryIds, ImageRecord[] records, DatasetProblems problems) =>
        (Name, ClassNames, CategoryIds, _records, Problems) = (name, classNames, categoryIds, records, problems);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds { get; }

    /// <inheritdoc/>
    public int Count => _records.Length;

    /// <summary>What was found while reading.</summary>
    public DatasetProblems Problems { get; }

    /// <inheritdoc/>
    public ImageRecord this[int index] => _records[index];
}
