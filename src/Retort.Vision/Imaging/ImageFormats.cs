namespace Retort.Vision.Imaging;

/// <summary>File formats that can be read.</summary>
internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
}

/// <summary>Tells image formats apart by their first bytes.</summary>
internal static class ImageFormats
{
    public static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    public static ImageFormat Sniff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(JpegSignature) ? ImageFormat.Jpeg
        : bytes.StartsWith(PngSignature) ? ImageFormat.Png
        : ImageFormat.Unknown;

    /// <summary>A word for the formats that people have lying about, so that the message says what the file is.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("BM"u8))
        {
            return "it looks like BMP";
        }

        if (bytes.StartsWith("GIF8"u8))
        {
            return "it is a GIF";
        }

        if (bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8))
        {
            return "it is a WebP";
        }

        if (bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8))
        {
            return "it is a TIFF";
        }

        return "it starts with " + Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]);
    }
}
