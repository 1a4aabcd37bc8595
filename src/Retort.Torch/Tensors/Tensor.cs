using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>
/// A libtorch tensor. It belongs to the innermost <see cref="TensorScope"/> of the thread that made it, or to the caller where
/// there is none or after <see cref="Detached"/>. It has no finalizer; <see cref="LiveCount"/> shows leaks. The operators have
/// the names and meanings of PyTorch's and record gradients as there.
/// </summary>
public sealed partial class Tensor : IDisposable
{
    private static long s_live;
    private nint _handle;

    private Tensor(nint handle)
    {
        _handle = handle;
        Interlocked.Increment(ref s_live);
    }

    /// <summary>Tensors of this process that were made and not yet freed.</summary>
    public static long LiveCount => Interlocked.Read(ref s_live);

    internal TensorScope? Scope { get; set; }

    internal int ScopeIndex { get; set; }

    /// <summary>The native handle.</summary>
    /// <exception cref="ObjectDisposedException">The tensor was disposed, or its scope has ended.</exception>
    internal nint Handle
    {
        get
        {
            nint handle = _handle;
            ObjectDisposedException.ThrowIf(handle == 0, this);
            return handle;
        }
    }

    /// <summary>Whether the tensor was disposed or its scope has ended.</summary>
    public bool IsDisposed => _handle == 0;

    /// <summary>Number of dimensions.</summary>
    public int Dim => NativeMethods.retort_tensor_dim(Handle);

    /// <summary>Sizes, outermost first.</summary>
    public unsafe long[] Shape
    {
        get
        {
            long[] sizes = new long[Dim];
            fixed (long* p = sizes)
            {
                NativeMethods.retort_tensor_sizes(Handle, p);
            }

            return sizes;
        }
    }

    /// <summary>Strides in elements.</summary>
    public unsafe long[] Strides
    {
        get
        {
            long[] strides = new long[Dim];
            fixed (long* p = strides)
            {
                NativeMethods.retort_tensor_strides(Handle, p);
            }

            return strides;
        }
    }

    /// <summary>Number of elements.</summary>
    public long Count => NativeMethods.retort_tensor_numel(Handle);

    /// <summary>Element type.</summary>
    public ScalarType Type => (ScalarType)NativeMethods.retort_tensor_dtype(Handle);

    /// <summary>Where the elements lie.</summary>
    public Device Device => NativeMethods.retort_tensor_device_type(Handle) is var type && type == (int)DeviceType.Cpu
        ? Device.Cpu
        : new Device((DeviceType)type, NativeMethods.retort_tensor_device_index(Handle));

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => NativeMethods.retort_tensor_is_contiguous(Handle) != 0;

    /// <summary>Size of one dimension; negative counts from the end.</summary>
    public long Size(int dim) => Shape is var shape && dim < 0 ? shape[shape.Length + dim] : shape[dim];

    /// <summary>Takes ownership of a handle that the bridge gave.</summary>
    internal static Tensor Own(nint handle)
    {
        var tensor = new Tensor(handle);
        TensorScope.Current?.Add(tensor);
        return tensor;
    }

    /// <summary>A second owner of the same native tensor, in the current scope: same storage, same gradient history.</summary>
    public Tensor Alias() => Own(NativeMethods.retort_tensor_alias(Handle));

    /// <summary>
    /// Takes the tensor out of its scope: from now on the caller disposes it. For parameters and other long-lived tensors.
    /// </summary>
    public Tensor Detached()
    {
        Scope?.Remove(this);
        return this;
    }

    internal nint TakeHandle()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Interlocked.Decrement(ref s_live);
        }

        return handle;
    }

    /// <summary>Takes over the native tensor of another, which becomes empty; for moving parameters between devices in place.</summary>
    internal void ReplaceBy(Tensor other)
    {
        other.Scope?.Remove(other);
        nint former = Interlocked.Exchange(ref _handle, other.TakeHandle());
        NativeMethods.retort_tensor_free(former);
    }

    /// <summary>Frees the tensor; a second call does nothing.</summary>
    public void Dispose()
    {
        nint handle = TakeHandle();
        if (handle != 0)
        {
            Scope?.Remove(this);
            NativeMethods.retort_tensor_free(handle);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _handle == 0 ? "Tensor(disposed)" : $"Tensor({Type}, [{string.Join(", ", Shape)}], {Device})";
}
