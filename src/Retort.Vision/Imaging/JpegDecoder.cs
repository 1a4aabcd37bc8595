using System.Runtime.InteropServices;

namespace Retort.Vision.Imaging;

/// <summary>
/// JPEG through libturbojpeg with the accurate inverse transform and smooth chroma upsampling, which are OpenCV's settings too: the
/// library's fast ones change pixels.
/// </summary>
internal static unsafe class JpegDecoder
{
    // A complete Huffman-coded file spends at least one bit on each 8x8 block of its largest component: 64 pixels a bit.
    private const long PixelsPerByte = 512;

    public static Image Decode(ReadOnlySpan<byte> jpeg, string name, long maxPixels)
    {
        if (JpegHeader.Parse(jpeg) is not { } header)
        {
            throw new ImageFormatException(name, $"the JPEG file ends before its picture begins ({jpeg.Length} bytes)", "the file is truncated: fetch it again");
        }

        ImageDecoder.CheckSize(name, header.Width, header.Height, maxPixels);
        if (header.IsHuffman && (long)header.Width * header.Height > jpeg.Length * PixelsPerByte)
        {
            throw new ImageFormatException(
                name, $"{jpeg.Length} bytes cannot hold the {header.Width}x{header.Height} pixels that the header claims", "the file is truncated or hostile: fetch it again");
        }

        var image = new Image(header.Width, header.Height);
        try
        {
            if (header.Components == 4)
            {
                DecodeCmyk(jpeg, name, header, image);
            }
            else
            {
                Decompress(jpeg, name, header, image.Pointer, image.Stride, TurboJpeg.PixelFormatBgr);
            }

            return ExifOrientation.Apply(image, header.Orientation);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void Decompress(ReadOnlySpan<byte> jpeg, string name, JpegHeader header, byte* pixels, int pitch, int format)
    {
        using TurboJpegHandle decoder = TurboJpegHandle.ForDecompression();
        int status;
        fixed (byte* source = jpeg)
        {
            status = TurboJpeg.Decompress2(decoder, source, new CULong((nuint)jpeg.Length), pixels, header.Width, pitch, header.Height, format, flags: 0);
        }

        bool hasEnd = jpeg[header.ScanOffset..].IndexOf([(byte)0xFF, (byte)0xD9]) >= 0;
        if (status == 0 && hasEnd)
        {
            return;
        }

        string text = status == 0 ? "no end marker" : TurboJpeg.GetErrorText(decoder);
        if (!hasEnd)
        {
            throw new ImageFormatException(name, $"the JPEG file is truncated ({text})", "fetch it again");
        }

        if (TurboJpeg.GetErrorCode(decoder) != TurboJpeg.ErrorIsWarning || IsDamage(text))
        {
            throw new ImageFormatException(name, $"the JPEG file is corrupt ({text})", "fetch it again or convert it anew");
        }
    }

    // Warnings about bytes between segments or odd but decodable headers cost no pixels; the others mean that a part was made up.
    private static bool IsDamage(string warning) =>
        warning.Contains("Premature end", StringComparison.OrdinalIgnoreCase)
        || (warning.Contains("Corrupt JPEG data", StringComparison.OrdinalIgnoreCase) && !warning.Contains("extraneous bytes", StringComparison.OrdinalIgnoreCase));

    private static void DecodeCmyk(ReadOnlySpan<byte> jpeg, string name, JpegHeader header, Image image)
    {
        NativeBuffer cmyk = NativeBufferPool.Shared.Rent((long)header.Width * header.Height * 4);
        try
        {
            Decompress(jpeg, name, header, cmyk.Pointer, checked(header.Width * 4), TurboJpeg.PixelFormatCmyk);
            byte* from = cmyk.Pointer;
            byte* to = image.Pointer;
            for (long i = (long)header.Width * header.Height; i > 0; i--, from += 4, to += 3)
            {
                // Adobe stores inverted inks; the rounding is OpenCV's.
                int black = from[3];
                to[2] = (byte)(black - (((255 - from[0]) * black) >> 8));
                to[1] = (byte)(black - (((255 - from[1]) * black) >> 8));
                to[0] = (byte)(black - (((255 - from[2]) * black) >> 8));
            }
        }
        finally
        {
            NativeBufferPool.Shared.Return(cmyk);
        }
    }
}
