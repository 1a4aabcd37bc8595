namespace Retort.Vision.Datasets;

/// <summary>The problems found while a data set was read: the first of each kind and severity in full, all of them counted.</summary>
public sealed class DatasetProblems
{
    /// <summary>
    /// So many problems of one kind and severity are kept in full; a broken data set of a million boxes must not fill the memory with
    /// messages.
    /// </summary>
    public const int KeptPerKind = 50;

    private readonly List<DatasetProblem> _items = [];
    private readonly Dictionary<(ProblemKind Kind, ProblemSeverity Severity), int> _counts = [];
    private readonly bool _strict;

    /// <summary>An empty list.</summary>
    /// <param name="strict">Whether warnings count as errors.</param>
    public DatasetProblems(bool strict = false)
    {
        _strict = strict;
    }

    /// <summary>The problems in the order in which they were found, at most <see cref="KeptPerKind"/> of each kind and severity.</summary>
    public IReadOnlyList<DatasetProblem> Items => _items;

    /// <summary>Number of errors, those not kept included.</summary>
    public int Errors { get; private set; }

    /// <summary>Number of warnings, those not kept included.</summary>
    public int Warnings { get; private set; }

    /// <summary>Number of problems of a kind, those not kept included.</summary>
    public int Count(ProblemKind kind) => _counts.Where(c => c.Key.Kind == kind).Sum(c => c.Value);

    /// <summary>Adds a problem.</summary>
    public void Add(DatasetProblem problem)
    {
        if (_strict && problem.Severity == ProblemSeverity.Warning)
        {
            problem = problem with { Severity = ProblemSeverity.Error };
        }

        Errors += problem.Severity == ProblemSeverity.Error ? 1 : 0;
        Warnings += problem.Severity == ProblemSeverity.Warning ? 1 : 0;
        (ProblemKind, ProblemSeverity) group = (problem.Kind, problem.Severity);
        int count = _counts[group] = _counts.GetValueOrDefault(group) + 1;
        if (count <= KeptPerKind)
        {
            _items.Add(problem);
        }
    }

    /// <summary>Adds all problems of another data set, such as another part of a union.</summary>
    public void Add(DatasetProblems others)
    {
        foreach (((ProblemKind Kind, ProblemSeverity Severity) group, int count) in others._counts)
        {
            int before = _counts.GetValueOrDefault(group);
            _items.AddRange(others._items.Where(p => (p.Kind, p.Severity) == group).Take(Math.Max(0, KeptPerKind - before)));
            _counts[group] = before + count;
        }

        Errors += others.Errors;
        Warnings += others.Warnings;
    }

    /// <summary>The problems for a person to read: the first few of each kind and severity, and how many more there are.</summary>
    /// <param name="perKind">So many of each are told in full.</param>
    /// <param name="line">A problem on one line; by default as <see cref="DatasetProblem.ToString"/> has it.</param>
    public IEnumerable<string> Lines(int perKind = 5, Func<DatasetProblem, string>? line = null)
    {
        foreach (IGrouping<(ProblemKind Kind, ProblemSeverity Severity), DatasetProblem> group in _items.GroupBy(p => (p.Kind, p.Severity)))
        {
            foreach (DatasetProblem problem in group.Take(perKind))
            {
                yield return line?.Invoke(problem) ?? problem.ToString();
            }

            if (_counts[group.Key] is var all && all > perKind)
            {
                yield return $"... and {all - perKind} more of this kind";
            }
        }
    }

    /// <summary>Adds a problem that makes the data set unusable.</summary>
    public void Error(ProblemKind kind, string file, string place, string message, string remedy) =>
        Add(new DatasetProblem(ProblemSeverity.Error, kind, file, place, message, remedy));

    /// <summary>Adds a problem that was worked around.</summary>
    public void Warn(ProblemKind kind, string file, string place, string message, string remedy) =>
        Add(new DatasetProblem(ProblemSeverity.Warning, kind, file, place, message, remedy));

    /// <summary>Throws where there are errors.</summary>
    /// <exception cref="DatasetException">There is an error; the first few are named in full.</exception>
    public void ThrowIfErrors()
    {
        if (Errors > 0)
        {
            throw new DatasetException([.. _items.Where(p => p.Severity == ProblemSeverity.Error)], Errors);
        }
    }
}
