namespace Retort.Core;

/// <summary>
/// Something about the input, the machine or the request that the user can put right: the base of every exception that Retort throws for
/// such a case. The command line prints its message and ends with exit code 2; any other exception is a bug in Retort (exit code 1).
/// </summary>
public class RetortException : Exception
{
    /// <summary>An exception with a whole sentence for the user.</summary>
    /// <param name="message">What is wrong (file, place, value) and the remedy.</param>
    /// <param name="inner">What a library or the system reported, or null.</param>
    public RetortException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>An exception whose message is <c>problem; remedy</c>.</summary>
    /// <param name="problem">What is wrong: file, place, value.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="inner">What a library or the system reported, or null.</param>
    public RetortException(string problem, string remedy, Exception? inner = null)
        : base($"{problem}; {remedy}", inner) => Remedy = remedy;

    /// <summary>What the user can do about it, where it is known apart from the message; otherwise null.</summary>
    public string? Remedy { get; }
}
