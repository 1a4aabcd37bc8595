namespace Retort.Vision.Imaging;

/// <summary>File formats that can be read.</summary>
internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    Bmp,
    Gif,
    WebP,
}

/// <summary>Recognizes image formats by their first bytes.</summary>
internal static class ImageFormats
{
    public static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> JpegSignature => [0xFF, 0xD8, 0xFF];

    public static ImageFormat Sniff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(JpegSignature) ? ImageFormat.Jpeg
        : bytes.StartsWith(PngSignature) ? ImageFormat.Png
        : bytes.StartsWith("BM"u8) ? ImageFormat.Bmp
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? ImageFormat.Gif
        : bytes.StartsWith("RIFF"u8) && bytes.Length > 12 && bytes[8..].StartsWith("WEBP"u8) ? ImageFormat.WebP
        : ImageFormat.Unknown;

    /// <summary>What a file of another format is, for a message.</summary>
    public static string Describe(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("II*\0"u8) || bytes.StartsWith("MM\0*"u8) ? "it is a TIFF"
        : "it starts with " + Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]);
}
