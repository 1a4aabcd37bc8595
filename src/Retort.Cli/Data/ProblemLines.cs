using Retort.Vision.Datasets;

namespace Retort.Cli.Data;

/// <summary>Tells a person what was found in a data set.</summary>
internal static class ProblemLines
{
    /// <summary>Writes the first few problems of each kind, a line each with how serious it is, and how many more there are.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="problems">What was found.</param>
    /// <param name="indent">What each line begins with.</param>
    public static void Write(TextWriter output, DatasetProblems problems, string indent = "")
    {
        foreach (string line in problems.Lines(line: problem => $"{problem.Severity.ToString().ToLowerInvariant()}: {problem}"))
        {
            output.WriteLine(indent + line);
        }
    }
}
