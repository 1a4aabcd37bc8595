using System.Runtime.Intrinsics;
using SkiaSharp;

namespace Retort.Vision.Imaging;

/// <summary>
/// Decodes PNG, BMP, WebP and the first frame of GIF with Skia. Colour profiles are not applied and alpha is dropped, as in OpenCV. The
/// pixels of PNG files equal OpenCV's bit by bit.
/// </summary>
internal static unsafe class SkiaDecoder
{
    private const int SkiaChannels = 4;

    // A GIF, WebP or run-length coded BMP file of a few bytes can claim any size; real images hardly compress better than this.
    private const long PixelsPerByte = 4096;
    private const long AlwaysAllowed = 1L << 24; // pixels: 64 MiB

    /// <summary>Decodes an image and applies its EXIF orientation.</summary>
    /// <exception cref="ImageFormatException">The image is truncated, corrupt or too large.</exception>
    public static Image Decode(ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        (Image? image, SKCodecResult result, SKEncodedOrigin origin) = DecodeStored(bytes, name, maxPixels);
        return image is not null ? ExifOrientation.Apply(image, (int)origin)
            : throw (result == SKCodecResult.IncompleteInput ? Truncated(name, bytes.Length) : Corrupt(name));
    }

    /// <summary>Decodes an image as it is stored; null and the reason where that is not possible.</summary>
    /// <exception cref="ImageFormatException">The image is too large.</exception>
    public static (Image? Image, SKCodecResult Result, SKEncodedOrigin Origin) DecodeStored(
        ReadOnlySpan<byte> bytes, string name, long maxPixels)
    {
        fixed (byte* start = bytes)
        {
            using SKData data = SKData.Create((nint)start, bytes.Length);
            using SKCodec? codec = SKCodec.Create(data);
            if (codec is null)
            {
                return (null, SKCodecResult.InvalidInput, SKEncodedOrigin.Default);
            }

            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            ImageDecoder.CheckSize(name, width, height, maxPixels);
            long plausible = Math.Max(AlwaysAllowed, bytes.Length * PixelsPerByte);
            if (codec.EncodedFormat != SKEncodedImageFormat.Png && (long)width * height > plausible)
            {
                throw new ImageFormatException(
                    name,
                    $"{bytes.Length} bytes cannot hold the {width}x{height} pixels that the header claims",
                    "the file is truncated or hostile: fetch it again");
            }

            NativeBuffer buffer = NativeBufferPool.Shared.Rent((long)width * height * SkiaChannels);
            SKAlphaType alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
            var info = new SKImageInfo(width, height, SKColorType.Bgra8888, alpha);
            SKCodecResult result = codec.GetPixels(info, (nint)buffer.Pointer, width * SkiaChannels, SKCodecOptions.Default);
            if (result != SKCodecResult.Success)
            {
                NativeBufferPool.Shared.Return(buffer);
                return (null, result, SKEncodedOrigin.Default);
            }

            DropAlpha(buffer.Pointer, (long)width * height);
            ImageIssues issues = codec.FrameCount > 1 ? ImageIssues.FirstFrame : ImageIssues.None;
            return (new Image(width, height, buffer) { Issues = issues }, result, codec.EncodedOrigin);
        }
    }

    /// <summary>Width and height of an image as it is decoded, upright, from the headers of the file.</summary>
    /// <exception cref="ImageFormatException">The header is corrupt.</exception>
    public static (int Width, int Height) ReadSize(string path)
    {
        using SKCodec codec = SKCodec.Create(path) ?? throw Corrupt(path);
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        return ExifOrientation.SwapsSides((int)codec.EncodedOrigin) ? (height, width) : (width, height);
    }

    private static ImageFormatException Truncated(string name, int length) =>
        new(name, $"the file is truncated (it ends after {length} bytes, in the middle)", "fetch it again");

    private static ImageFormatException Corrupt(string name) =>
        new(name, "the file is corrupt (its data cannot be decoded)", "fetch it again or convert it anew");

    // From four bytes per pixel to three, in place: writing never overtakes reading.
    private static void DropAlpha(byte* pixels, long count)
    {
        const int Together = 4;
        Vector128<byte> order = Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
        byte* from = pixels;
        byte* to = pixels;
        for (; count >= Together; count -= Together, from += Together * SkiaChannels, to += Together * Image.Channels)
        {
            Vector128.Shuffle(Vector128.Load(from), order).Store(to);
        }

        for (; count > 0; count--, from += SkiaChannels, to += Image.Channels)
        {
            (to[0], to[1], to[2]) = (from[0], from[1], from[2]);
        }
    }
}
