namespace Retort.Core.Files;

/// <summary>The system refused to open, read or write a file or folder.</summary>
public sealed class UserFileException : RetortException
{
    /// <summary>Makes the message <c>path: problem; remedy</c>.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="problem">What cannot be done, and why.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="reason">Why, in a few words.</param>
    /// <param name="inner">What the system reported, or null.</param>
    internal UserFileException(string path, string problem, string remedy, string reason, Exception? inner)
        : base($"{path}: {problem}", remedy, inner) => Reason = reason;

    /// <summary>
    /// Why, in a few words, such as <c>No space left on device</c>: for messages that say more about what was being done.
    /// </summary>
    public string Reason { get; }
}
