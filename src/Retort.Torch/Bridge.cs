using System.Runtime.InteropServices;
using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>The status of calls of the bridge.</summary>
internal static unsafe class Bridge
{
    /// <summary>Throws the bridge's last message when a call's status says that it failed.</summary>
    /// <exception cref="TorchException">The status is not zero.</exception>
    /// <exception cref="TorchMemoryException">It is not, for a lack of memory.</exception>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw TorchMemoryException.For(Marshal.PtrToStringUTF8((nint)NativeMethods.retort_last_error()) ?? "unknown error");
        }
    }
}
