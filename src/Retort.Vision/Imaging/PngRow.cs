namespace Retort.Vision.Imaging;

/// <summary>Turns a plain PNG row of any colour type and depth into BGR bytes.</summary>
internal static unsafe class PngRow
{
    /// <summary>Writes <paramref name="width"/> pixels, <paramref name="stride"/> bytes apart, from <paramref name="to"/> on.</summary>
    public static void ToBgr(ReadOnlySpan<byte> row, PngHeader header, byte[] palette, byte* to, int stride, int width)
    {
        // Samples of 16 bits are big-endian: the upper byte is the first one.
        int sample = header.BitDepth == 16 ? 2 : 1;
        switch (header.Color)
        {
            case PngColor.Rgb or PngColor.Rgba:
                int pixel = sample * header.Samples;
                for (int x = 0, at = 0; x < width; x++, at += pixel, to += stride)
                {
                    (to[2], to[1], to[0]) = (row[at], row[at + sample], row[at + (2 * sample)]);
                }

                break;
            case PngColor.Palette:
                for (int x = 0; x < width; x++, to += stride)
                {
                    int entry = 3 * Packed(row, x, header.BitDepth);
                    (to[2], to[1], to[0]) = (palette[entry], palette[entry + 1], palette[entry + 2]);
                }

                break;
            default:
                Gray(row, header, to, stride, width, sample);
                break;
        }
    }

    private static void Gray(ReadOnlySpan<byte> row, PngHeader header, byte* to, int stride, int width, int sample)
    {
        int factor = header.BitDepth < 8 ? 255 / ((1 << header.BitDepth) - 1) : 1;
        for (int x = 0; x < width; x++, to += stride)
        {
            int value = header.BitDepth < 8 ? Packed(row, x, header.BitDepth) * factor : row[x * sample * header.Samples];
            to[0] = to[1] = to[2] = (byte)value;
        }
    }

    // Samples below a byte are packed from the most significant bit on.
    private static int Packed(ReadOnlySpan<byte> row, int x, int bits)
    {
        int bit = x * bits;
        return (row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
}
