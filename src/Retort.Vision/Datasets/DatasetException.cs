using Retort.Core;

namespace Retort.Vision.Datasets;

/// <summary>A data set cannot be used; the message names the file, the place in it and the remedy.</summary>
public sealed class DatasetException : RetortException
{
    private const int Told = 5;

    /// <summary>An exception for one problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="inner">What caused it, if an exception did.</param>
    public DatasetException(DatasetProblem problem, Exception? inner = null)
        : base(problem.ToString(), inner)
    {
        Problem = problem;
    }

    /// <summary>An exception for several problems, of which the message tells the first few.</summary>
    /// <param name="problems">Those that are known in full, at least one.</param>
    /// <param name="count">How many there are.</param>
    public DatasetException(IReadOnlyList<DatasetProblem> problems, int count)
        : base(string.Join("\n  ", problems.Take(Told)) + (count > Told ? $"\n  ... and {count - Told} more "
            + $"{(count == Told + 1 ? "error" : "errors")}" : ""))
    {
        Problem = problems[0];
        UnlistedCount = Math.Max(0, count - Told);
    }

    /// <summary>The problem, or the first of several.</summary>
    public DatasetProblem Problem { get; }

    /// <summary>How many more problems there are than the message tells.</summary>
    public int UnlistedCount { get; }
}
