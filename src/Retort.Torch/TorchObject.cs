using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>A value of libtorch's that is no tensor, number or list, such as a prepacked convolution. The caller disposes it.</summary>
public sealed class TorchObject : IDisposable
{
    private nint _handle;

    internal TorchObject(nint handle) => _handle = handle;

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Frees the object; a second call does nothing.</summary>
    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            NativeMethods.retort_object_free(handle);
        }
    }
}
