namespace Retort.Vision.Datasets;

/// <summary>A data set cannot be used; the message names the file, the place in it and the remedy.</summary>
public sealed class DatasetException : IOException
{
    /// <summary>An exception for one problem.</summary>
    /// <param name="problem">The problem, or the first of several.</param>
    /// <param name="others">How many more errors there are.</param>
    /// <param name="inner">What caused it, if an exception did.</param>
    public DatasetException(DatasetProblem problem, int others = 0, Exception? inner = null)
        : base(problem + (others == 0 ? "" : $" ({others} more {(others == 1 ? "error" : "errors")}: `retort dataset check` lists them)"), inner)
    {
        Problem = problem;
    }

    /// <summary>The problem, or the first of several.</summary>
    public DatasetProblem Problem { get; }
}
