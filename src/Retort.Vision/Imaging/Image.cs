namespace Retort.Vision.Imaging;

/// <summary>
/// An 8-bit colour image in unmanaged memory: rows from the top, three bytes per pixel in the order blue, green, red (HWC, BGR), no gaps
/// between rows. Disposing returns the memory to the pool; an image is not safe to use while another thread disposes it.
/// </summary>
public sealed unsafe class Image : IDisposable
{
    /// <summary>Bytes per pixel.</summary>
    public const int Channels = 3;

    /// <summary>Maximum number of pixels: the number of bytes must fit into 31 bits.</summary>
    public const long MaxPixels = int.MaxValue / Channels;

    private NativeBuffer? _buffer;

    /// <summary>Creates an image with uninitialized pixels.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1 or there are more than <see cref="MaxPixels"/> pixels.</exception>
    public Image(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MaxPixels, nameof(height));
        (Width, Height) = (width, height);
        _buffer = NativeBufferPool.Shared.Rent((long)width * height * Channels);
    }

    /// <summary>Creates an image that owns <paramref name="buffer"/>, whose first bytes are its pixels: height x width x 3, BGR.</summary>
    internal Image(int width, int height, NativeBuffer buffer) => (Width, Height, _buffer) = (width, height, buffer);

    /// <summary>Creates an image from <paramref name="bgr"/>: height x width x 3 bytes, row-major, BGR.</summary>
    /// <exception cref="ArgumentException">The bytes do not fill the image exactly.</exception>
    public Image(int width, int height, ReadOnlySpan<byte> bgr)
        : this(width, height)
    {
        if (bgr.Length != Pixels.Length)
        {
            Dispose();
            throw new ArgumentException(
                $"an image of {width}x{height} takes {(long)width * height * Channels} bytes, got {bgr.Length}", nameof(bgr));
        }

        bgr.CopyTo(Pixels);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>What the decoder found noteworthy.</summary>
    public ImageIssues Issues { get; internal set; }

    /// <summary>Bytes from one row to the next: 3 x width.</summary>
    public int Stride => Width * Channels;

    /// <summary>All bytes: [height, width, 3], BGR.</summary>
    public Span<byte> Pixels => new(Pointer, Stride * Height);

    /// <summary>The address of the first byte; <see cref="NativeBuffer.Slack"/> bytes after the last one may be read.</summary>
    internal byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.Pointer;
        }
    }

    /// <summary>The bytes of row <paramref name="y"/>: [width, 3], BGR.</summary>
    public Span<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return new Span<byte>(Pointer + ((long)y * Stride), Stride);
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
