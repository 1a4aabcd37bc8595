using System.Runtime.InteropServices;

namespace Retort.Torch.Checkpoints;

/// <summary>A tensor as it lies in a file: type, shape and contiguous little-endian bytes. Needs no libtorch.</summary>
public sealed class StoredTensor
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Wraps bytes in row-major order.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly.</exception>
    public StoredTensor(ScalarType type, long[] shape, ReadOnlyMemory<byte> bytes)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count = checked(count * size);
        }

        if (bytes.Length != count * type.ElementSize())
        {
            throw new ArgumentException($"a {type} tensor of shape [{string.Join(", ", shape)}] takes {count * type.ElementSize()} bytes, got {bytes.Length}");
        }

        (Type, Shape, _bytes) = (type, shape, bytes);
    }

    /// <summary>Element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public long[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count => _bytes.Length / Type.ElementSize();

    /// <summary>The raw little-endian bytes, row-major.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The elements as <typeparamref name="T"/>, which must have the stored element size.</summary>
    /// <exception cref="InvalidOperationException">The size of <typeparamref name="T"/> differs from the element size.</exception>
    public unsafe ReadOnlySpan<T> As<T>() where T : unmanaged
    {
        if (sizeof(T) != Type.ElementSize())
        {
            throw new InvalidOperationException($"the tensor holds {Type}, not {typeof(T).Name}");
        }

        return MemoryMarshal.Cast<byte, T>(_bytes.Span);
    }
}
