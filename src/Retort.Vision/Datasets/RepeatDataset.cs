using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// A data set several times over, so that an epoch of a small one is longer, as the VOC recipes have it. The repeats keep their image ids.
/// </summary>
public sealed class RepeatDataset : IDetectionDataset
{
    private readonly IDetectionDataset _inner;
    private readonly int _times;

    /// <summary>Repeats <paramref name="inner"/> <paramref name="times"/> times, 1 or more.</summary>
    public RepeatDataset(IDetectionDataset inner, int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        (_inner, _times) = (inner, times);
        Count = checked(inner.Count * times);
    }

    /// <inheritdoc/>
    public string Name => $"{_inner.Name} x{_times}";

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _inner.ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds => _inner.CategoryIds;

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public ImageRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _inner[index % _inner.Count];
        }
    }
}
