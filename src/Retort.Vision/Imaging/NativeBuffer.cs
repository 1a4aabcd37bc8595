using System.Runtime.InteropServices;

namespace Retort.Vision.Imaging;

/// <summary>
/// A block of unmanaged memory, aligned to 64 bytes. It is rented from and returned to <see cref="NativeBufferPool"/>; the
/// finalizer frees blocks whose owner was never disposed.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    /// <summary>Bytes that kernels may read or write past the part that a caller asked for.</summary>
    public const int Slack = 64;

    private const int Alignment = 64;

    public NativeBuffer(long capacity)
        : base(0, ownsHandle: true)
    {
        Capacity = capacity;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)capacity, Alignment));
    }

    public long Capacity { get; }

    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (byte*)handle;
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
