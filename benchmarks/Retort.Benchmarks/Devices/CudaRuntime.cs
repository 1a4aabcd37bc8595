using System.Runtime.InteropServices;
using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// The few functions of the CUDA runtime that measuring needs: waiting for the device, its free memory, and events, which are recorded
/// between the kernels of the default stream, where libtorch works. They are taken from the library that libtorch has loaded already; on
/// the CPU, and where that library is not found, there is nothing to wait for and nothing is measured.
/// </summary>
internal sealed unsafe class CudaRuntime
{
    private static readonly string[] s_files = ["libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0", "libcudart.so"];

    private readonly nint _library;

    private CudaRuntime(nint library) => _library = library;

    /// <summary>The runtime of a device; null on the CPU.</summary>
    /// <exception cref="DllNotFoundException">The device is a GPU, and the CUDA runtime was not found.</exception>
    public static CudaRuntime? For(Device device)
    {
        if (device.Type != DeviceType.Cuda)
        {
            return null;
        }

        // The first tensor makes libtorch set up the device.
        Tensor.Zeros([1], device: device).Dispose();
        foreach (string file in s_files)
        {
            if (NativeLibrary.TryLoad(file, out nint library))
            {
                return new CudaRuntime(library);
            }
        }

        throw new DllNotFoundException(
            $"none of {string.Join(", ", s_files)} was found; LD_LIBRARY_PATH must name the folder of the CUDA runtime that libtorch uses");
    }

    /// <summary>Waits until the device has done everything.</summary>
    public void Synchronize() => Check(((delegate* unmanaged<int>)Export("cudaDeviceSynchronize"))(), "cudaDeviceSynchronize");

    /// <summary>Free memory of the device, MB.</summary>
    public double FreeMegabytes()
    {
        nuint free, total;
        Check(((delegate* unmanaged<nuint*, nuint*, int>)Export("cudaMemGetInfo"))(&free, &total), "cudaMemGetInfo");
        return free / 1e6;
    }

    /// <summary>Records an event behind what has been queued.</summary>
    public nint Record()
    {
        nint made;
        Check(((delegate* unmanaged<nint*, int>)Export("cudaEventCreate"))(&made), "cudaEventCreate");
        Check(((delegate* unmanaged<nint, nint, int>)Export("cudaEventRecord"))(made, 0), "cudaEventRecord");
        return made;
    }

    /// <summary>Milliseconds on the device between two events that it has passed.</summary>
    public double Milliseconds(nint first, nint last)
    {
        float elapsed;
        Check(((delegate* unmanaged<float*, nint, nint, int>)Export("cudaEventElapsedTime"))(&elapsed, first, last),
            "cudaEventElapsedTime");
        return elapsed;
    }

    private static void Check(int status, string function)
    {
        if (status != 0)
        {
            throw new InvalidOperationException($"{function} failed with CUDA error {status}");
        }
    }

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}
