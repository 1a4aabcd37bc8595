using Microsoft.Win32.SafeHandles;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>What the first bytes of an image file say, without decoding it.</summary>
public static class ImageHeader
{
    // Holds the frame header of a JPEG file unless a large preview comes before it.
    private const int FirstBytes = 64 << 10;

    /// <summary>Width and height in pixels of a JPEG or PNG file as it is decoded: upright, by its EXIF orientation.</summary>
    /// <exception cref="ImageFormatException">The file is empty, ends before its picture begins, or is of another format.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        using SafeFileHandle file = UserFiles.OpenHandle(path);
        byte[] first = Read(file, FirstBytes, path);
        (long width, long height, int orientation) = ImageFormats.Sniff(first) switch
        {
            ImageFormat.Png => OfPng(file, path),
            ImageFormat.Jpeg => OfJpeg(file, first, path),
            _ => throw ImageDecoder.UnknownFormat(path, first),
        };
        ImageDecoder.CheckSize(path, width, height, long.MaxValue);
        return ExifOrientation.SwapsSides(orientation) ? ((int)height, (int)width) : ((int)width, (int)height);
    }

    /// <summary>Bits that a sample (red, green, blue, grey) has in a JPEG or PNG file: of 16 only the upper 8 are decoded.</summary>
    /// <exception cref="ImageFormatException">The file is a PNG file that is cut off.</exception>
    /// <exception cref="RetortException">There is no such file.</exception>
    public static int ReadSampleBits(string path)
    {
        using SafeFileHandle file = UserFiles.OpenHandle(path);
        return ImageFormats.Sniff(Read(file, FirstBytes, path)) == ImageFormat.Png ? PngLayout.Read(file, path).Header.BitDepth : 8;
    }

    private static (long Width, long Height, int Orientation) OfPng(SafeFileHandle file, string path)
    {
        PngLayout layout = PngLayout.Read(file, path);
        return (layout.Header.Width, layout.Header.Height, layout.Orientation);
    }

    private static (long Width, long Height, int Orientation) OfJpeg(SafeFileHandle file, byte[] first, string path)
    {
        JpegHeader header = JpegHeader.Parse(first)
            ?? JpegHeader.Parse(Read(file, checked((int)Math.Min(RandomAccess.GetLength(file), ImageDecoder.MaxFileBytes)), path))
            ?? throw new ImageFormatException(path, "the JPEG file ends before its picture begins", "the file is truncated: fetch it again");
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
