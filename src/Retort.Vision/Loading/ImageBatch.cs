using Retort.Vision.Imaging;

namespace Retort.Vision.Loading;

/// <summary>
/// Images as a float32 tensor [N, 3, H, W] in unmanaged memory, normalised, each in the upper left corner of its slot with zeros around.
/// Dispose it when the values have been used: the memory goes to a later batch.
/// </summary>
public sealed unsafe class ImageBatch : IDisposable
{
    private NativeBuffer? _buffer;

    internal ImageBatch(int number, int height, int width, IReadOnlyList<BatchItem> items, NativeBuffer buffer)
    {
        (Number, Height, Width, Items) = (number, height, width, items);
        _buffer = buffer;
    }

    /// <summary>Position in the epoch, from 0: a run that stopped after this batch goes on at Number + 1.</summary>
    public int Number { get; }

    /// <summary>N, the number of images.</summary>
    public int Count => Items.Count;

    /// <summary>H: the largest padded height of the images.</summary>
    public int Height { get; }

    /// <summary>W: the largest padded width of the images.</summary>
    public int Width { get; }

    /// <summary>What is known of each image, in the order of the tensor.</summary>
    public IReadOnlyList<BatchItem> Items { get; }

    /// <summary>Address of the first of N x 3 x H x W contiguous floats, aligned to 64 bytes; valid until the batch is disposed.</summary>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return (nint)_buffer.Pointer;
        }
    }

    /// <summary>The values of image <paramref name="n"/>: [3, H, W].</summary>
    public Span<float> this[int n]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)n, (uint)Count, nameof(n));
            int slot = checked(3 * Height * Width);
            return new Span<float>((float*)Address + ((long)n * slot), slot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            NativeBufferPool.Shared.Return(buffer);
        }
    }
}
