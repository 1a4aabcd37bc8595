using Retort.Core;

namespace Retort.Evaluation;

/// <summary>
/// Errors about files of annotations or detections that cannot be evaluated. Their message names the file, the place in it and what to do.
/// </summary>
internal static class DataError
{
    /// <summary>Makes an error from its parts.</summary>
    /// <param name="file">The file, or the name that the caller gave to the stream or the arrays.</param>
    /// <param name="place">Where in the file, such as <c>annotations[17]</c>; empty for the file as a whole.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="remedy">What the user can do about it.</param>
    /// <param name="cause">The underlying error, if any.</param>
    public static RetortException At(string file, string place, string problem, string remedy, Exception? cause = null) =>
        new($"{file}: {(place.Length > 0 ? place + ": " : "")}{problem}", remedy, cause);
}
