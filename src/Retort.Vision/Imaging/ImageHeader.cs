using Microsoft.Win32.SafeHandles;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>Reads the headers of image files without decoding them.</summary>
public static class ImageHeader
{
    // Enough for the frame header of a JPEG file unless a large preview precedes it.
    private const int FirstBytes = 64 << 10;

    /// <summary>Width and height in pixels of an image file as it is decoded: upright, by its EXIF orientation.</summary>
    /// <exception cref="ImageFormatException">The file is empty, ends before its pixels begin, or is of another format.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        using SafeFileHandle file = UserFiles.OpenHandle(path);
        byte[] first = Read(file, FirstBytes, path);
        ImageFormat format = ImageFormats.Sniff(first);
        if (format is ImageFormat.Bmp or ImageFormat.Gif or ImageFormat.WebP)
        {
            return SkiaDecoder.ReadSize(path);
        }

        (long width, long height, int orientation) = format switch
        {
            ImageFormat.Png => OfPng(file, path),
            ImageFormat.Jpeg => OfJpeg(file, first, path),
            _ => throw ImageDecoder.UnknownFormat(path, first),
        };
        ImageDecoder.CheckSize(path, width, height, long.MaxValue);
        return ExifOrientation.SwapsSides(orientation) ? ((int)height, (int)width) : ((int)width, (int)height);
    }

    /// <summary>Issues of a PNG file, from its headers; none for other formats, whose headers do not show them.</summary>
    /// <exception cref="ImageFormatException">The file is a PNG file that is cut off.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static ImageIssues ReadIssues(string path)
    {
        using SafeFileHandle file = UserFiles.OpenHandle(path);
        bool isPng = ImageFormats.Sniff(Read(file, ImageFormats.PngSignature.Length, path)) == ImageFormat.Png;
        return isPng ? PngLayout.Read(file, path).Issues : ImageIssues.None;
    }

    private static (long Width, long Height, int Orientation) OfPng(SafeFileHandle file, string path)
    {
        PngLayout layout = PngLayout.Read(file, path);
        layout.CheckSize(path, long.MaxValue);
        return (layout.Header.Width, layout.Header.Height, layout.Orientation);
    }

    private static (long Width, long Height, int Orientation) OfJpeg(SafeFileHandle file, byte[] first, string path)
    {
        JpegHeader header = JpegHeader.Parse(first)
            ?? JpegHeader.Parse(Read(file, checked((int)Math.Min(RandomAccess.GetLength(file), ImageDecoder.MaxFileBytes)), path))
            ?? throw new ImageFormatException(path, "the JPEG file ends before its pixels begin", "the file is truncated: fetch it again");
        return (header.Width, header.Height, header.Orientation);
    }

    private static byte[] Read(SafeFileHandle file, int most, string path)
    {
        byte[] bytes = new byte[Math.Min(most, RandomAccess.GetLength(file))];
        int read = 0;
        while (read < bytes.Length && UserFiles.Read(file, bytes.AsSpan(read), read, path) is > 0 and int more)
        {
            read += more;
        }

        return bytes[..read];
    }
}
