using Retort.Core.Files;
using Retort.Vision.Imaging;

namespace Retort.Vision.Splitting;

/// <summary>
/// The rows of an image from top to bottom. Rows that were read stay available as long as windows of the given height need them.
/// </summary>
internal abstract unsafe class RowSource : IDisposable
{
    /// <summary>Pixels a row.</summary>
    public abstract int Width { get; }

    /// <summary>Number of rows.</summary>
    public abstract int Height { get; }

    /// <summary>
    /// Opens an image. PNG files that store their rows in order are read as the rows are needed; others are decoded whole.
    /// </summary>
    /// <param name="path">A JPEG or PNG file.</param>
    /// <param name="rows">How many rows must be available at the same time.</param>
    /// <exception cref="ImageFormatException">The file cannot be read.</exception>
    public static RowSource Open(string path, int rows)
    {
        if (PngRows.Open(path) is not { } png)
        {
            return new DecodedRows(ImageDecoder.Decode(path, Image.MaxPixels));
        }

        if ((long)png.Width * Math.Min(rows, png.Height) > Image.MaxPixels)
        {
            png.Dispose();
            throw new ImageFormatException(
                path, $"{Math.Min(rows, png.Height)} rows of its {png.Width} pixels, which one row of windows needs, are more than the "
                    + $"limit of {Image.MaxPixels} pixels", "cut it into narrower parts, or take smaller windows");
        }

        return new StreamedRows(png, rows);
    }

    /// <summary>Bytes of pixels that <see cref="Open"/> will hold.</summary>
    public static long BytesNeeded(string path, int width, int height, int rows)
    {
        using PngRows? png = PngRows.Open(path);
        return png is null
            ? ((long)width * height * Image.Channels) + UserFiles.Length(path)
            : (long)width * Math.Min(rows, height) * Image.Channels;
    }

    /// <summary>Makes the rows above <paramref name="bottom"/> available; never less than before.</summary>
    public abstract void ReadUntil(int bottom);

    /// <summary>Address of a row that was read: 3 x width bytes, BGR.</summary>
    public abstract byte* Row(int y);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class DecodedRows(Image image) : RowSource
    {
        public override int Width => image.Width;

        public override int Height => image.Height;

        public override void ReadUntil(int bottom)
        {
        }

        public override byte* Row(int y) => image.Pointer + ((long)y * image.Stride);

        public override void Dispose() => image.Dispose();
    }

    // The last rows that were read, in a ring.
    private sealed class StreamedRows(PngRows png, int rows) : RowSource
    {
        private readonly Image _ring = new(png.Width, Math.Min(rows, png.Height));
        private int _read;

        public override int Width => png.Width;

        public override int Height => png.Height;

        public override void ReadUntil(int bottom)
        {
            for (; _read < bottom; _read++)
            {
                png.Next(Row(_read));
            }
        }

        public override byte* Row(int y) => _ring.Pointer + ((long)(y % _ring.Height) * _ring.Stride);

        public override void Dispose()
        {
            png.Dispose();
            _ring.Dispose();
        }
    }
}
