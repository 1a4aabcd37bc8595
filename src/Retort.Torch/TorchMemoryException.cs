namespace Retort.Torch;

/// <summary>
/// The processor's or the device's memory does not hold what was to be computed. The message is libtorch's, its first line.
/// </summary>
/// <param name="message">What libtorch reported.</param>
public sealed class TorchMemoryException(string message) : OutOfMemoryException(message)
{
    // What the standard library, libtorch's allocators on the processor and on CUDA, and CUDA's libraries say.
    private static readonly string[] s_signs = ["bad_alloc", "can't allocate memory", "out of memory", "ALLOC_FAILED"];

    /// <summary>The exception for a message of libtorch.</summary>
    /// <param name="message">The whole message.</param>
    internal static Exception For(string message) => s_signs.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase))
        ? new TorchMemoryException(message.Split('\n')[0])
        : new TorchException(message);
}
