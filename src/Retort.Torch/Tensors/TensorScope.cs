using Retort.Torch.Native;

namespace Retort.Torch;

/// <summary>
/// Owns the tensors that are made on this thread while it is the innermost scope, and frees them at its end. Scopes nest
/// strictly and belong to one thread. Native memory never waits for the garbage collector, which cannot see it.
/// </summary>
public sealed class TensorScope : IDisposable
{
    private const int FreeBatch = 256;

    [ThreadStatic]
    private static TensorScope? t_current;

    private readonly TensorScope? _parent;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor> _owned = [];
    private bool _disposed;

    /// <summary>Opens a scope inside the current one.</summary>
    public TensorScope()
    {
        _parent = t_current;
        t_current = this;
    }

    internal static TensorScope? Current => t_current;

    /// <summary>Tensors that this scope holds now.</summary>
    public int Count => _owned.Count;

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeIndex = _owned.Count;
        _owned.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        Tensor last = _owned[^1];
        _owned[tensor.ScopeIndex] = last;
        last.ScopeIndex = tensor.ScopeIndex;
        _owned.RemoveAt(_owned.Count - 1);
        tensor.Scope = null;
    }

    /// <summary>Hands a tensor to the enclosing scope (or to nobody: then the caller disposes it) and returns it.</summary>
    public Tensor Keep(Tensor tensor)
    {
        tensor.Scope?.Remove(tensor);
        _parent?.Add(tensor);
        return tensor;
    }

    /// <summary>Frees everything that the scope still holds.</summary>
    /// <exception cref="InvalidOperationException">An inner scope is still open, or another thread disposes it.</exception>
    public unsafe void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (t_current != this || _thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException(
                "tensor scopes must be disposed in the reverse order of their opening, on their own thread");
        }

        _disposed = true;
        t_current = _parent;
        nint* handles = stackalloc nint[FreeBatch];
        int count = 0;
        foreach (Tensor tensor in _owned)
        {
            tensor.Scope = null;
            nint handle = tensor.TakeHandle();
            if (handle == 0)
            {
                continue;
            }

            handles[count++] = handle;
            if (count == FreeBatch)
            {
                NativeMethods.retort_tensor_free_many(handles, count);
                count = 0;
            }
        }

        NativeMethods.retort_tensor_free_many(handles, count);
        _owned.Clear();
    }
}
