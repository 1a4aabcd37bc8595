namespace Retort.Vision.Datasets;

/// <summary>The problems found while a data set was read: the first of each kind in full, all of them counted.</summary>
public sealed class DatasetProblems
{
    /// <summary>So many problems of one kind are kept in full; a broken data set of a million boxes must not fill the memory with messages.</summary>
    public const int KeptPerKind = 50;

    private readonly List<DatasetProblem> _items = [];
    private readonly Dictionary<ProblemKind, int> _counts = [];
    private readonly bool _strict;

    /// <summary>An empty list.</summary>
    /// <param name="strict">Whether warnings count as errors.</param>
    public DatasetProblems(bool strict = false)
    {
        _strict = strict;
    }

    /// <summary>The problems in the order in which they were found, at most <see cref="KeptPerKind"/> of each kind.</summary>
    public IReadOnlyList<DatasetProblem> Items => _items;

    /// <summary>Number of errors, those not kept included.</summary>
    public int Errors { get; private set; }

    /// <summary>Number of warnings, those not kept included.</summary>
    public int Warnings { get; private set; }

    /// <summary>Number of problems of a kind, those not kept included.</summary>
    public int Count(ProblemKind kind) => _counts.GetValueOrDefault(kind);

    /// <summary>Adds a problem.</summary>
    public void Add(DatasetProblem problem)
    {
        if (_strict && problem.Severity == ProblemSeverity.Warning)
        {
            problem = problem with { Severity = ProblemSeverity.Error };
        }

        Errors += problem.Severity == ProblemSeverity.Error ? 1 : 0;
        Warnings += problem.Severity == ProblemSeverity.Warning ? 1 : 0;
        int count = _counts[problem.Kind] = Count(problem.Kind) + 1;
        if (count <= KeptPerKind)
        {
            _items.Add(problem);
        }
    }

    /// <summary>Adds all problems of another data set, such as another part of a union.</summary>
    public void Add(DatasetProblems others)
    {
        foreach ((ProblemKind kind, int count) in others._counts)
        {
            _items.AddRange(others._items.Where(p => p.Kind == kind).Take(Math.Max(0, KeptPerKind - Count(kind))));
            _counts[kind] = Count(kind) + count;
        }

        Errors += others.Errors;
        Warnings += others.Warnings;
    }

    /// <summary>Adds a problem that makes the data set unusable.</summary>
    public void Error(ProblemKind kind, string file, string place, string message, string remedy) =>
        Add(new DatasetProblem(ProblemSeverity.Error, kind, file, place, message, remedy));

    /// <summary>Adds a problem that was worked around.</summary>
    public void Warn(ProblemKind kind, string file, string place, string message, string remedy) =>
        Add(new DatasetProblem(ProblemSeverity.Warning, kind, file, place, message, remedy));

    /// <summary>Throws where there are errors.</summary>
    /// <exception cref="DatasetException">There is an error; the first one is named in full.</exception>
    public void ThrowIfErrors()
    {
        if (Errors > 0)
        {
            throw new DatasetException(_items.First(p => p.Severity == ProblemSeverity.Error), Errors - 1);
        }
    }
}
