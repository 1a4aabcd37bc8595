using System.Runtime.InteropServices;

namespace Retort.Torch.Native;

/// <summary>Errors of the bridge, and the runtime's settings. Each theme has a partial file of its own.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryLoader.Name;

    [LibraryImport(Library)]
    internal static partial byte* retort_last_error();

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
    internal static partial int retort_tf32_get();

    [LibraryImport(Library)]
    internal static partial void retort_tf32_set(int allowed);
}
