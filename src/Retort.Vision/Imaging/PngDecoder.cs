using System.IO.Compression;

namespace Retort.Vision.Imaging;

/// <summary>
/// PNG in managed code on the runtime's inflater. libpng's simplified interface is not used because it composes alpha, applies gAMA
/// chunks and rounds 16-bit samples, none of which OpenCV does; its full interface reports errors by longjmp, which must not cross managed frames.
/// </summary>
internal static unsafe class PngDecoder
{
    public static Image Decode(ReadOnlySpan<byte> png, string name, long maxPixels)
    {
        PngChunks chunks = PngChunks.Parse(png, name);
        PngHeader header = chunks.Header;
        ImageDecoder.CheckSize(name, header.Width, header.Height, maxPixels);
        PngChunks.CheckClaim(header, chunks.Data.Sum(c => (long)c.Length), name);
        var image = new Image((int)header.Width, (int)header.Height);
        try
        {
            fixed (byte* start = png)
            {
                using var inflated = new ZLibStream(new PngDataStream(start, chunks.Data), CompressionMode.Decompress);
                ReadPasses(inflated, chunks, image);
                ReadToEnd(inflated);
            }

            return ExifOrientation.Apply(image, chunks.Orientation);
        }
        catch (EndOfStreamException)
        {
            image.Dispose();
            throw PngChunks.Truncated(name, png.Length);
        }
        catch (InvalidDataException e)
        {
            image.Dispose();
            throw PngChunks.Corrupt(name, "its data do not inflate: " + e.Message, e);
        }
    }

    // Adam7: seven passes, each a grid of (start, step) in x and y; a plain file is one pass over everything.
    private static void ReadPasses(ZLibStream inflated, PngChunks chunks, Image image)
    {
        ReadOnlySpan<(int X, int Y, int StepX, int StepY)> passes = chunks.Header.Interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        foreach ((int x, int y, int stepX, int stepY) in passes)
        {
            int width = (image.Width - x + stepX - 1) / stepX;
            if (width > 0)
            {
                ReadPass(inflated, chunks, image, width, (x, y, stepX, stepY));
            }
        }
    }

    private static void ReadPass(ZLibStream inflated, PngChunks chunks, Image image, int width, (int X, int Y, int StepX, int StepY) pass)
    {
        var scanlines = new PngScanlines(inflated, chunks.Header, width);
        for (int y = pass.Y; y < image.Height; y += pass.StepY)
        {
            byte* to = image.Pointer + ((long)y * image.Stride) + ((long)pass.X * Image.Channels);
            PngRow.ToBgr(scanlines.Next(), chunks.Header, chunks.Palette, to, pass.StepX * Image.Channels, width);
        }
    }

    // The inflater checks its own sum only when it reaches the end.
    private static void ReadToEnd(ZLibStream inflated)
    {
        Span<byte> rest = stackalloc byte[256];
        while (inflated.Read(rest) > 0)
        {
        }
    }
}
