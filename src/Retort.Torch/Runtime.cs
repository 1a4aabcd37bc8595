using System.Runtime.InteropServices;
using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>Process-wide settings and facts of the libtorch that is loaded.</summary>
public static unsafe class Runtime
{
    /// <summary>Version of libtorch, such as <c>1.13.1</c>.</summary>
    public static string TorchVersion => Marshal.PtrToStringUTF8((nint)NativeMethods.retort_torch_version())!;

    /// <summary>File of the loaded libtorch.</summary>
    public static string TorchPath => Marshal.PtrToStringUTF8((nint)NativeMethods.retort_torch_path())!;

    /// <summary>libtorch's own description of how it was built (BLAS, oneDNN, OpenMP, CPU capability).</summary>
    public static string BuildConfiguration => Marshal.PtrToStringUTF8((nint)NativeMethods.retort_build_configuration())!;

    /// <summary>Whether a CUDA device can be used.</summary>
    public static bool HasCuda => NativeMethods.retort_cuda_available() != 0;

    /// <summary>Threads that one operator may use, at least 1. Debian's libtorch starts with one, so programs set it.</summary>
    public static int Threads
    {
        get => NativeMethods.retort_threads_get();
        set => Bridge.Check(NativeMethods.retort_threads_set(value));
    }

    /// <summary>
    /// How idle threads wait for work. Set it before anything else of this library is used, because OpenMP reads it when libtorch is
    /// loaded.
    /// </summary>
    /// <exception cref="InvalidOperationException">libtorch is loaded already.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The spin count is negative.</exception>
    public static ThreadWaitOptions ThreadWait
    {
        get => NativeLibraryLoader.ThreadWait;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value.SpinCount ?? 0, nameof(value));
            if (NativeLibraryLoader.LoadedFrom is not null)
            {
                throw new InvalidOperationException(
                    $"{nameof(ThreadWait)} must be set before libtorch is loaded: OpenMP reads it then, and never again.");
            }

            NativeLibraryLoader.ThreadWait = value;
        }
    }

    /// <summary>How idle threads wait, and who decided it. Loads libtorch.</summary>
    public static ThreadWaitStatus ThreadWaitStatus
    {
        get
        {
            _ = NativeMethods.retort_threads_get();
            return NativeLibraryLoader.ThreadWaitStatus!;
        }
    }

    /// <summary>Seeds the random generators of every device.</summary>
    public static void Seed(long seed) => Bridge.Check(NativeMethods.retort_seed(seed));

    /// <summary>Asks libtorch for algorithms that give the same bits every time.</summary>
    public static void UseDeterministicAlgorithms(bool enabled) => NativeMethods.retort_deterministic(enabled ? 1 : 0);

    /// <summary>
    /// Whether a GPU may round the inputs of float32 matrix products and convolutions to TF32 (10 bits of mantissa), which is several times
    /// as fast on cards that have it. libtorch's default: convolutions yes, matrix products no. Setting it sets both; it has no effect on
    /// the CPU.
    /// </summary>
    public static bool AllowTf32
    {
        get => NativeMethods.retort_tf32_get() != 0;
        set => NativeMethods.retort_tf32_set(value ? 1 : 0);
    }
}
