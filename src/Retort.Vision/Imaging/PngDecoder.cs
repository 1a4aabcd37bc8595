using SkiaSharp;

namespace Retort.Vision.Imaging;

/// <summary>
/// Decodes PNG files in memory with Skia; orientation, a missing end mark and the cause of an error are read from the chunks.
/// </summary>
internal static unsafe class PngDecoder
{
    public static Image Decode(ReadOnlySpan<byte> png, string name, long maxPixels)
    {
        PngLayout layout;
        fixed (byte* start = png)
        {
            byte* first = start;
            layout = PngLayout.Read((into, at) => Copy(first, into, at), png.Length, name);
        }

        layout.CheckSize(name, maxPixels);
        if (SkiaDecoder.DecodeStored(png, name, maxPixels) is not { Image: { } image } failed)
        {
            throw Damage(png, layout, name);
        }

        image.Issues |= layout.Issues;
        return ExifOrientation.Apply(image, layout.Orientation);
    }

    // PngLayout never reads beyond the given length.
    private static int Copy(byte* first, Span<byte> into, long at)
    {
        new ReadOnlySpan<byte>(first + at, into.Length).CopyTo(into);
        return into.Length;
    }

    // Skia reports that a file cannot be decoded, but not why.
    private static ImageFormatException Damage(ReadOnlySpan<byte> png, PngLayout layout, string name)
    {
        foreach ((long offset, int length) in layout.Data)
        {
            if (!PngChunks.IsSumRight(png.Slice((int)offset - 4, length + 8)))
            {
                return PngChunks.Corrupt(name, "the checksum of its chunk IDAT is wrong");
            }
        }

        return layout.HasEnd ? PngChunks.Corrupt(name, "its data cannot be decoded") : PngChunks.Truncated(name, png.Length);
    }
}
