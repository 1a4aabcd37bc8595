using System.Runtime.InteropServices;
using Retort.Core;
using Retort.Core.Files;

namespace Retort.Vision.Imaging;

/// <summary>
/// Writes JPEG and PNG files atomically: to a temporary file that is then renamed.
/// </summary>
public static unsafe class ImageEncoder
{
    /// <summary>Default JPEG quality, as in OpenCV.</summary>
    public const int DefaultQuality = 95;

    /// <summary>Writes an image in the format that the extension of <paramref name="path"/> names: .jpg, .jpeg or .png.</summary>
    /// <param name="path">The file to write or replace; its folder must exist.</param>
    /// <param name="image">The image.</param>
    /// <param name="quality">JPEG quality, 1 to 100; ignored for PNG.</param>
    /// <exception cref="ImageFormatException">The extension is none of these.</exception>
    /// <exception cref="RetortException">The file cannot be written.</exception>
    public static void Write(string path, Image image, int quality = DefaultQuality)
    {
        byte[] bytes = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".jpg" or ".jpeg" => EncodeJpeg(image, quality),
            ".png" => EncodePng(image),
            _ => throw new ImageFormatException(path, "the extension names no format that can be written", "use .jpg or .png"),
        };
        RenamedFile.Write(path, bytes);
    }

    /// <summary>The bytes of a baseline JPEG file with 4:2:0 chroma.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 to 100.</param>
    public static byte[] EncodeJpeg(Image image, int quality = DefaultQuality)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        using TurboJpegHandle encoder = TurboJpegHandle.ForCompression();
        byte* jpeg = null;
        CULong size = default;
        try
        {
            int status = TurboJpeg.Compress2(
                encoder, image.Pointer, image.Width, image.Stride, image.Height, TurboJpeg.PixelFormatBgr,
                &jpeg, &size, TurboJpeg.Subsampling420, quality, flags: 0);
            return status == 0
                ? new ReadOnlySpan<byte>(jpeg, checked((int)size.Value)).ToArray()
                : throw new InvalidOperationException(
                    $"libturbojpeg cannot encode {image.Width}x{image.Height}: {TurboJpeg.GetErrorText(encoder)}");
        }
        finally
        {
            TurboJpeg.Free(jpeg);
        }
    }

    /// <summary>The bytes of an 8-bit RGB PNG file.</summary>
    public static byte[] EncodePng(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return PngEncoder.Encode(image);
    }
}
