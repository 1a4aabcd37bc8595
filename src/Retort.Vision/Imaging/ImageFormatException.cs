using Retort.Core;

namespace Retort.Vision.Imaging;

/// <summary>An image file that cannot be used. The message names the file, what is wrong with it and what to do.</summary>
/// <param name="path">The image file.</param>
/// <param name="problem">What is wrong with it.</param>
/// <param name="remedy">What the user can do about it.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class ImageFormatException(string path, string problem, string remedy, Exception? inner = null)
    : RetortException($"{path}: {problem}", remedy, inner)
{
    /// <summary>The image file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; } = problem;
}
