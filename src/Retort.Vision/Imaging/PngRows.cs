using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>
/// The rows of a PNG file on disk in order, as BGR bytes: an image of any size takes the memory of two rows. Only for files that store
/// their rows in order and upright.
/// </summary>
internal sealed unsafe class PngRows : IDisposable
{
    private readonly string _name;
    private readonly SafeFileHandle _file;
    private readonly PngLayout _layout;
    private readonly ZLibStream _inflated;
    private readonly PngScanlines _scanlines;

    private PngRows(string name, SafeFileHandle file, PngLayout layout)
    {
        (_name, _file, _layout) = (name, file, layout);
        (Width, Height) = (checked((int)layout.Header.Width), checked((int)layout.Header.Height));
        _inflated = new ZLibStream(new PngFileDataStream(file, layout, name), CompressionMode.Decompress);
        _scanlines = new PngScanlines(_inflated, layout.Header, Width);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Opens a file; null where it is no PNG file, or its rows are interlaced or not upright.</summary>
    /// <exception cref="ImageFormatException">It is a PNG file, but truncated or corrupt.</exception>
    public static PngRows? Open(string path)
    {
        SafeFileHandle file = UserFiles.OpenHandle(path, FileOptions.SequentialScan);
        try
        {
            Span<byte> first = stackalloc byte[ImageFormats.PngSignature.Length];
            if (UserFiles.Read(file, first, 0, path) == first.Length && ImageFormats.Sniff(first) == ImageFormat.Png)
            {
                PngLayout layout = PngLayout.Read(file, path);
                layout.CheckSize(path, long.MaxValue);
                if (layout.Header.RowBytes(layout.Header.Width) >= Array.MaxLength)
                {
                    throw new ImageFormatException(
                        path, $"a row of its {layout.Header.Width} pixels is too long to be read", "cut it into narrower parts");
                }

                if (!layout.Header.Interlaced && layout.Orientation == ExifOrientation.Upright)
                {
                    return new PngRows(path, file, layout);
                }
            }

            file.Dispose();
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the next row to <paramref name="to"/>: 3 x width bytes.</summary>
    /// <exception cref="ImageFormatException">The file is truncated or corrupt.</exception>
    public void Next(byte* to)
    {
        try
        {
            PngRow.ToBgr(_scanlines.Next(), _layout.Header, _layout.Palette, to, Image.Channels, Width);
        }
        catch (EndOfStreamException)
        {
            throw PngChunks.Truncated(_name, _layout.Length);
        }
        catch (InvalidDataException e)
        {
            throw PngChunks.Corrupt(_name, "its data do not inflate: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inflated.Dispose();
        _file.Dispose();
    }
}
