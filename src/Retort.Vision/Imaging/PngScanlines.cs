namespace Retort.Vision.Imaging;

/// <summary>The rows of a PNG image from its inflated data: unfiltered, samples as stored.</summary>
internal sealed class PngScanlines
{
    private readonly Stream _inflated;
    private readonly int _step;
    private byte[] _row;
    private byte[] _above;
    private int _count;

    /// <summary>Starts at the first row; <paramref name="width"/> is in pixels.</summary>
    public PngScanlines(Stream inflated, PngHeader header, int width)
    {
        int bytes = checked((int)header.RowBytes(width) + 1);
        (_inflated, _step, _row, _above) = (inflated, Math.Max(1, header.PixelBits / 8), new byte[bytes], new byte[bytes]);
    }

    /// <summary>The next row, valid until the one after it is asked for.</summary>
    /// <exception cref="EndOfStreamException">The data end before it.</exception>
    /// <exception cref="InvalidDataException">The data are corrupt.</exception>
    public ReadOnlySpan<byte> Next()
    {
        (_row, _above) = (_above, _row);
        _inflated.ReadExactly(_row);
        if (_row[0] >= PngFilter.Count)
        {
            throw new InvalidDataException($"row {_count} has the unknown filter {_row[0]}");
        }

        _count++;
        PngFilter.Undo(_row[0], _row.AsSpan(1), _above.AsSpan(1), _step);
        return _row.AsSpan(1);
    }
}
