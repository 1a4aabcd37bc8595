using Retort.Core;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A checkpoint file is damaged, hostile, of an unknown kind, or does not fit what it is loaded into.
/// </summary>
public sealed class CheckpointException : RetortException
{
    /// <summary>Makes the message <c>file: place: problem; remedy</c>.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="place">Where in the file: an entry, a tensor's name, a pickle offset; null for the file as a whole.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="remedy">What to do about it; null when nothing can be said.</param>
    /// <param name="inner">The cause.</param>
    public CheckpointException(string file, string? place, string problem, string? remedy = null, Exception? inner = null)
        : base(CheckpointText.Printable($"{file}: {(place is null ? "" : place + ": ")}{problem}{(remedy is null ? "" : "; " + remedy)}"),
            inner) =>
        (File, Place) = (file, place);

    /// <summary>The file's path.</summary>
    public string File { get; }

    /// <summary>Where in the file, or null.</summary>
    public string? Place { get; }
}
