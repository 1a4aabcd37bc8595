using System.Runtime.InteropServices;

namespace Retort.Vision.Imaging;

/// <summary>
/// JPEG through libturbojpeg with the accurate inverse transform and smooth chroma upsampling, which are OpenCV's settings too: the
/// library's fast ones change pixels. SkiaSharp's own copy of the library gives the same bits and takes twice the time.
/// </summary>
internal static unsafe class JpegDecoder
{
    // A complete Huffman-coded file spends at least one bit on each 8x8 block of its largest component: 64 pixels a bit.
    private const long PixelsPerByte = 512;

    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    public static Image Decode(ReadOnlySpan<byte> jpeg, string name, long maxPixels)
    {
        if (JpegHeader.Parse(jpeg) is not { } header)
        {
            throw new ImageFormatException(
                name, $"the JPEG file ends before its pixels begin ({jpeg.Length} bytes)", "the file is truncated: fetch it again");
        }

        ImageDecoder.CheckSize(name, header.Width, header.Height, maxPixels);
        if (header.IsHuffman && (long)header.Width * header.Height > jpeg.Length * PixelsPerByte)
        {
            throw new ImageFormatException(
                name,
                $"{jpeg.Length} bytes cannot hold the {header.Width}x{header.Height} pixels that the header claims",
                "the file is truncated or hostile: fetch it again");
        }

        bool hasEnd = jpeg[header.ScanOffset..].IndexOf(EndOfImage) >= 0;
        var image = new Image(header.Width, header.Height) { Issues = hasEnd ? ImageIssues.None : ImageIssues.MissingEnd };
        try
        {
            // With the end mark added, the decoder only warns if pixels are missing.
            ReadOnlySpan<byte> complete = hasEnd ? jpeg : [.. jpeg, .. EndOfImage];
            if (header.Components == 4)
            {
                DecodeCmyk(complete, name, header, image);
            }
            else
            {
                Decompress(complete, name, header, new Target(image.Pointer, image.Stride, TurboJpeg.PixelFormatBgr, hasEnd));
            }

            return ExifOrientation.Apply(image, header.Orientation);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private static void Decompress(ReadOnlySpan<byte> jpeg, string name, JpegHeader header, Target target)
    {
        using TurboJpegHandle decoder = TurboJpegHandle.ForDecompression();
        fixed (byte* source = jpeg)
        {
            var length = new CULong((nuint)jpeg.Length);
            if (Decompress(decoder, source, length, header, target, target.Pixels, flags: 0) == 0)
            {
                return;
            }

            string text = TurboJpeg.GetErrorText(decoder);
            if (TurboJpeg.GetErrorCode(decoder) != TurboJpeg.ErrorIsWarning || IsDamaged(decoder, source, length, header, target))
            {
                throw target.HasEnd
                    ? new ImageFormatException(name, $"the JPEG file is corrupt ({text})", "fetch it again or convert it anew")
                    : new ImageFormatException(name, $"the JPEG file is truncated ({text})", "fetch it again");
            }
        }
    }

    private static int Decompress(
        TurboJpegHandle decoder, byte* source, CULong length, JpegHeader header, Target target, byte* pixels, int flags) =>
        TurboJpeg.Decompress2(decoder, source, length, pixels, header.Width, target.Pitch, header.Height, target.Format, flags);

    // The library has a single error code for all warnings. A warning about headers costs no pixels. Neither does one that comes after the
    // last pixel, such as superfluous bytes before the end mark: a second pass that stops at the first warning still writes all pixels.
    private static bool IsDamaged(TurboJpegHandle decoder, byte* source, CULong length, JpegHeader header, Target target)
    {
        int width, height, subsampling, colorspace;
        if (header.HasUnusualScan || TurboJpeg.DecompressHeader3(decoder, source, length, &width, &height, &subsampling, &colorspace) != 0)
        {
            return false;
        }

        long bytes = (long)target.Pitch * header.Height;
        NativeBuffer again = NativeBufferPool.Shared.Rent(bytes);
        try
        {
            for (long i = 0; i < bytes; i++)
            {
                again.Pointer[i] = (byte)~target.Pixels[i];
            }

            Decompress(decoder, source, length, header, target, again.Pointer, TurboJpeg.StopOnWarning);
            for (int y = 0; y < header.Height; y++)
            {
                long row = (long)y * target.Pitch;
                var written = new ReadOnlySpan<byte>(again.Pointer + row, target.Pitch);
                if (!written.SequenceEqual(new ReadOnlySpan<byte>(target.Pixels + row, target.Pitch)))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            NativeBufferPool.Shared.Return(again);
        }
    }

    private static void DecodeCmyk(ReadOnlySpan<byte> jpeg, string name, JpegHeader header, Image image)
    {
        NativeBuffer cmyk = NativeBufferPool.Shared.Rent((long)header.Width * header.Height * 4);
        try
        {
            bool hasEnd = !image.Issues.HasFlag(ImageIssues.MissingEnd);
            Decompress(jpeg, name, header, new Target(cmyk.Pointer, checked(header.Width * 4), TurboJpeg.PixelFormatCmyk, hasEnd));
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

    // The output buffer, and whether the file has an end mark of its own.
    private readonly struct Target(byte* pixels, int pitch, int format, bool hasEnd)
    {
        public readonly byte* Pixels = pixels;
        public readonly int Pitch = pitch;
        public readonly int Format = format;
        public readonly bool HasEnd = hasEnd;
    }
}
