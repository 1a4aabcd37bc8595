using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Retort.Torch.Native;

namespace Retort.Detection.Native;

/// <summary>Detection's own kernels in libretort. Each theme has a partial file of its own.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraryLoader.Name;

    // CA2255: a library installs its resolver before its first P/Invoke; there is no earlier place that every user passes.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Install() => NativeLibraryLoader.Register(typeof(NativeMethods).Assembly);
#pragma warning restore CA2255

    [LibraryImport(Library)]
    private static partial byte* retort_last_error();

    /// <summary>Throws the bridge's last message when a call's status says that it failed.</summary>
    /// <exception cref="InvalidOperationException">The status is not zero.</exception>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)retort_last_error()) ?? "unknown error");
        }
    }

    /// <summary>The number that a call gives, which is negative where it failed.</summary>
    /// <exception cref="InvalidOperationException">It is.</exception>
    internal static int CheckCount(int count)
    {
        Check(count < 0 ? 1 : 0);
        return count;
    }
}
