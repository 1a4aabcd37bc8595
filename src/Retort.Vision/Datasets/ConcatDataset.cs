using Retort.Vision.Data;

namespace Retort.Vision.Datasets;

/// <summary>
/// Several data sets of the same classes, one after the other, such as VOC 2007 and 2012. Image ids are numbered anew from 1.
/// </summary>
public sealed class ConcatDataset : IDetectionDataset
{
    private readonly IDetectionDataset[] _parts;
    private readonly int[] _starts;

    /// <summary>Joins <paramref name="parts"/>, which must have the same classes in the same order.</summary>
    /// <exception cref="DatasetException">There is no part, or the classes differ.</exception>
    public ConcatDataset(params IReadOnlyList<IDetectionDataset> parts)
    {
        if (parts.Count == 0)
        {
            throw new DatasetException(new DatasetProblem(ProblemSeverity.Error, ProblemKind.EmptySplit, "data set", "",
                "there is no data set to join", "Name at least one."));
        }

        foreach (IDetectionDataset part in parts.Where(p => !p.ClassNames.SequenceEqual(parts[0].ClassNames)))
        {
            throw new DatasetException(new DatasetProblem(
                ProblemSeverity.Error, ProblemKind.UnknownClass, part.Name, "classes",
                $"its classes ({string.Join(", ", part.ClassNames)}) are not those of {parts[0].Name} "
                    + $"({string.Join(", ", parts[0].ClassNames)})", "Give both the same list of classes."));
        }

        _parts = [.. parts];
        _starts = new int[_parts.Length + 1];
        for (int i = 0; i < _parts.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + _parts[i].Count);
        }

        Name = string.Join("+", _parts.Select(p => p.Name));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _parts[0].ClassNames;

    /// <inheritdoc/>
    public IReadOnlyList<long> CategoryIds => _parts[0].CategoryIds;

    /// <inheritdoc/>
    public int Count => _starts[^1];

    /// <inheritdoc/>
    public ImageRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            int part = _starts.Count(start => start <= index) - 1;
            return _parts[part][index - _starts[part]] with { Id = index + 1 };
        }
    }
}
