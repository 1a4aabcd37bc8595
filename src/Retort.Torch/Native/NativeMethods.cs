using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>Errors of the bridge, and the runtime's settings. Each theme has a partial file of its own.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryLoader.Name;

    [LibraryImport(Library)]
    private static partial byte* retort_last_error();

    [LibraryImport(Library)]
    internal static partial byte* retort_torch_version();

    [LibraryImport(Library)]
    internal static partial byte* retort_torch_path();

    [LibraryImport(Library)]
    internal static partial byte* retort_build_configuration();

    [LibraryImport(Library)]
    internal static partial int retort_threads_get();

    [LibraryImport(Library)]
    internal static partial int retort_threads_set(int count);

    [LibraryImport(Library)]
    internal static partial int retort_cuda_available();

    [LibraryImport(Library)]
    internal static partial int retort_seed(long seed);

    [LibraryImport(Library)]
    internal static partial void retort_deterministic(int enabled);

    [LibraryImport(Library)]
    internal static partial int retort_generator_state_get(int deviceType, out nint state);

    [LibraryImport(Library)]
    internal static partial int retort_generator_state_set(int deviceType, nint state);

    /// <summary>Throws the bridge's last message when a call's status says that it failed.</summary>
    /// <exception cref="TorchException">The status is not zero.</exception>
    /// <exception cref="TorchMemoryException">It is not, for a lack of memory.</exception>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw TorchMemoryException.For(Marshal.PtrToStringUTF8((nint)retort_last_error()) ?? "unknown error");
        }
    }
}
