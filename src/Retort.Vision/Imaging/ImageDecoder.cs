using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>
/// Reads JPEG and PNG files to the same bits as OpenCV's <c>imread</c> in colour mode: BGR, EXIF orientation applied, alpha dropped, gray
/// expanded, 16-bit samples cut to their upper byte. WebP, BMP and the first frame of GIF files are read in the same way. The format is
/// recognized by the first bytes, not by the file's extension.
/// </summary>
public static class ImageDecoder
{
    /// <summary>Default limit on the pixels that a header may claim: 2^28, a square of side 16384.</summary>
    public const long DefaultMaxPixels = 1L << 28;

    /// <summary>Whether libjpeg-turbo is installed, so that JPEG files can be read and written.</summary>
    public static bool IsJpegAvailable => TurboJpeg.IsAvailable;

    internal const long MaxFileBytes = 1L << 30;

    /// <summary>Reads an image file.</summary>
    /// <param name="path">A file of one of the formats.</param>
    /// <param name="maxPixels">Limit on the pixels that the header may claim, 1 to <see cref="Image.MaxPixels"/>.</param>
    /// <exception cref="ImageFormatException">The file is empty, truncated, corrupt, too large or of another format.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static Image Decode(string path, long maxPixels = DefaultMaxPixels)
    {
        using SafeFileHandle file = UserFiles.OpenHandle(path, FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        if (length > MaxFileBytes)
        {
            throw new ImageFormatException(
                path, $"the file has {length} bytes, more than the limit of {MaxFileBytes}", "tile or recompress it");
        }

        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)length + 1);
        try
        {
            int read = 0;
            while (read < length && UserFiles.Read(file, bytes.AsSpan(read, (int)length - read), read, path) is > 0 and int more)
            {
                read += more;
            }

            return Decode(bytes.AsSpan(0, read), path, maxPixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Reads an image from the bytes of a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">The image's name in messages.</param>
    /// <param name="maxPixels">Limit on the pixels that the header may claim, 1 to <see cref="Image.MaxPixels"/>.</param>
    /// <exception cref="ImageFormatException">The bytes are empty, truncated, corrupt, too large or of another format.</exception>
    public static Image Decode(ReadOnlySpan<byte> bytes, string name, long maxPixels = DefaultMaxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, Image.MaxPixels);
        switch (ImageFormats.Sniff(bytes))
        {
            case ImageFormat.Jpeg:
                return JpegDecoder.Decode(bytes, name, maxPixels);
            case ImageFormat.Png:
                return PngDecoder.Decode(bytes, name, maxPixels);
            case ImageFormat.Bmp or ImageFormat.Gif or ImageFormat.WebP:
                return SkiaDecoder.Decode(bytes, name, maxPixels);
            default:
                throw UnknownFormat(name, bytes);
        }
    }

    /// <summary>The error about a file of a format that is not read.</summary>
    internal static ImageFormatException UnknownFormat(string name, ReadOnlySpan<byte> bytes) => bytes.IsEmpty
        ? new ImageFormatException(name, "the file is empty", "fetch it again or remove it from the data set")
        : new ImageFormatException(
            name, $"not a JPEG, PNG, WebP, BMP or GIF file ({ImageFormats.Describe(bytes)})", "convert it to JPEG or PNG");

    /// <summary>Refuses sizes that are absurd or beyond the limit, before memory is allocated.</summary>
    internal static void CheckSize(string name, long width, long height, long maxPixels)
    {
        if (width < 1 || height < 1)
        {
            throw new ImageFormatException(name, $"the header claims a size of {width}x{height}", "the file is corrupt: fetch it again");
        }

        if (width > int.MaxValue || height > int.MaxValue || width * height > maxPixels)
        {
            throw new ImageFormatException(
                name,
                $"the header claims {width}x{height} pixels, more than the limit of {maxPixels}",
                "tile the image or raise the limit on pixels");
        }
    }
}
