using System.Buffers.Binary;

namespace Retort.Vision.Imaging;

/// <summary>How the colours of a PNG file are stored (the values are the file's).</summary>
internal enum PngColor : byte
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

/// <summary>The IHDR chunk of a PNG file.</summary>
internal readonly record struct PngHeader(uint Width, uint Height, int BitDepth, PngColor Color, bool Interlaced)
{
    /// <summary>Samples a pixel.</summary>
    public int Samples => Color switch
    {
        PngColor.Rgb => 3,
        PngColor.GrayAlpha => 2,
        PngColor.Rgba => 4,
        _ => 1,
    };

    /// <summary>Bits a pixel.</summary>
    public int PixelBits => Samples * BitDepth;

    /// <summary>Bytes of a row of <paramref name="width"/> pixels, without the filter byte.</summary>
    public long RowBytes(long width) => ((width * PixelBits) + 7) / 8;

    /// <summary>Reads the chunk; null where its length or values are not those of a PNG file.</summary>
    public static PngHeader? Parse(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 13 || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            return null;
        }

        var header = new PngHeader(
            BinaryPrimitives.ReadUInt32BigEndian(chunk),
            BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]),
            BitDepth: chunk[8],
            (PngColor)chunk[9],
            Interlaced: chunk[12] == 1);
        bool allowed = header.Color switch
        {
            PngColor.Gray => header.BitDepth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => header.BitDepth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GrayAlpha or PngColor.Rgba => header.BitDepth is 8 or 16,
            _ => false,
        };
        return allowed ? header : null;
    }
}
