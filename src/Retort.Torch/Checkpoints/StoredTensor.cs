using System.Runtime.InteropServices;

namespace Retort.Torch.Checkpoints;

/// <summary>
/// A tensor as it lies in memory or in a file: type, shape and row-major little-endian bytes. Needs no libtorch.
/// A tensor of an open <see cref="Checkpoint"/> is read from the file when its bytes are asked for.
/// </summary>
public sealed class StoredTensor
{
    private readonly ByteSource _source;
    private readonly StridedLayout? _layout;
    private readonly long _start;
    private byte[]? _loaded;

    /// <summary>Wraps bytes in row-major order, without a copy.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the shape exactly.</exception>
    public StoredTensor(ScalarType type, long[] shape, ReadOnlyMemory<byte> bytes)
        : this(type, shape, new MemorySource(bytes), 0, bytes.Length)
    {
    }

    /// <summary>Row-major bytes <paramref name="start"/> .. + <paramref name="length"/> of a source.</summary>
    internal StoredTensor(ScalarType type, long[] shape, ByteSource source, long start, long length)
    {
        (Type, Shape, Count) = (type, shape, StridedLayout.CountOf(shape));
        Int128 needed = (Int128)Count * type.ElementSize();
        if (needed != length)
        {
            throw new ArgumentException($"a {type} tensor of shape [{string.Join(", ", shape)}] takes {needed} bytes, got {length}");
        }

        (_source, _start) = (source, start);
    }

    /// <summary>A view of a storage of <paramref name="storageCount"/> elements; the layout is checked against it.</summary>
    internal StoredTensor(ScalarType type, StridedLayout layout, ByteSource storage, long storageCount)
    {
        layout.Check(storageCount, type.ElementSize());
        (Type, Shape, Count) = (type, layout.Shape, StridedLayout.CountOf(layout.Shape));
        (_source, _start) = (storage, layout.Offset * type.ElementSize());
        _layout = layout.IsContiguous() ? null : layout;
    }

    /// <summary>Element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Sizes, outermost first; empty for a scalar.</summary>
    public long[] Shape { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Number of bytes, which may pass 2 GB.</summary>
    public long ByteCount => Count * Type.ElementSize();

    /// <summary>The raw little-endian bytes, row-major. The first call on a tensor of a file reads them; they are kept.</summary>
    /// <exception cref="InvalidOperationException">The tensor is larger than an array can be: use <see cref="Read"/>.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint was closed before the bytes were read.</exception>
    public ReadOnlySpan<byte> Bytes => Load().Span;

    /// <summary>The elements as <typeparamref name="T"/>, which must have the stored element size.</summary>
    /// <exception cref="InvalidOperationException">The size of <typeparamref name="T"/> differs from the element size.</exception>
    public unsafe ReadOnlySpan<T> As<T>() where T : unmanaged
    {
        if (sizeof(T) != Type.ElementSize())
        {
            throw new InvalidOperationException($"the tensor holds {Type}, not {typeof(T).Name}");
        }

        return MemoryMarshal.Cast<byte, T>(Bytes);
    }

    /// <summary>
    /// Copies bytes of the row-major tensor from <paramref name="byteOffset"/> on into <paramref name="destination"/>,
    /// straight from the file where it lies there contiguously: nothing is kept in memory. Safe to call from several threads.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the tensor.</exception>
    public void Read(long byteOffset, Span<byte> destination)
    {
        if (byteOffset < 0 || byteOffset > ByteCount - destination.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(byteOffset), byteOffset,
                $"{destination.Length} bytes from here do not lie within the {ByteCount} of the tensor");
        }

        if (_layout is null && _loaded is null)
        {
            _source.Read(_start + byteOffset, destination);
        }
        else
        {
            Load().Span.Slice((int)byteOffset, destination.Length).CopyTo(destination);
        }
    }

    /// <summary>Writes all bytes, in pieces.</summary>
    public void CopyTo(Stream stream)
    {
        byte[] buffer = new byte[(int)Math.Min(ByteCount, 1 << 20)];
        for (long at = 0; at < ByteCount; at += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, ByteCount - at));
            Read(at, piece);
            stream.Write(piece);
        }
    }

    /// <summary>Type and shape, such as <c>Float32 [64, 3, 7, 7]</c>.</summary>
    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}]";

    private ReadOnlyMemory<byte> Load()
    {
        if (_loaded is not null)
        {
            return _loaded;
        }

        if (_source is MemorySource memory && _layout is null)
        {
            return memory.Bytes.Slice((int)_start, (int)ByteCount);
        }

        int size = Type.ElementSize();
        long extent = _layout is { } strided ? strided.Extent() * size : ByteCount;
        if (Math.Max(ByteCount, extent) > Array.MaxLength)
        {
            throw new InvalidOperationException($"{this} takes {ByteCount} bytes, more than an array holds: read it in pieces");
        }

        byte[] bytes = new byte[extent];
        _source.Read(_start, bytes);
        if (_layout is { } layout)
        {
            byte[] gathered = new byte[ByteCount];
            layout.Gather(bytes, gathered, size);
            bytes = gathered;
        }

        // Two threads may both load; they load the same.
        _loaded = bytes;
        return bytes;
    }
}
