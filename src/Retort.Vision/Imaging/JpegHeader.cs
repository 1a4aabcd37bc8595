using System.Buffers.Binary;

namespace Retort.Vision.Imaging;

/// <summary>The header of a JPEG file: its markers up to the first scan.</summary>
/// <param name="Width">Pixels a row, before the orientation is applied.</param>
/// <param name="Height">Rows, before the orientation is applied.</param>
/// <param name="Components">1 gray, 3 colour, 4 CMYK.</param>
/// <param name="IsHuffman">True for baseline, extended and progressive Huffman coding.</param>
/// <param name="Orientation">EXIF orientation, 1 to 8.</param>
/// <param name="ScanOffset">Where the first scan's marker segment ends.</param>
/// <param name="HasUnusualScan">Whether a sequential file has scan parameters of a progressive one; decoders warn and ignore them.</param>
internal readonly record struct JpegHeader(
    int Width, int Height, int Components, bool IsHuffman, int Orientation, int ScanOffset, bool HasUnusualScan)
{
    private const byte StartOfScan = 0xDA;
    private const byte App1 = 0xE1;
    private const byte ProgressiveFrame = 0xC2;
    private const byte ProgressiveArithmeticFrame = 0xCA;

    // The end of a sequential file's scan header: coefficients 0 to 63, all bits of them.
    private static ReadOnlySpan<byte> WholeSpectrum => [0, 63, 0];

    /// <summary>Walks the markers up to the first scan; null where the file ends before it or has no frame header.</summary>
    public static JpegHeader? Parse(ReadOnlySpan<byte> jpeg)
    {
        JpegHeader? header = null;
        int orientation = ExifOrientation.Upright;
        bool isProgressive = false;
        for (int at = 2; NextSegment(jpeg, ref at) is { } found;)
        {
            ReadOnlySpan<byte> segment = jpeg[found.Content];
            if (found.Marker == StartOfScan)
            {
                bool isUnusual = !isProgressive && !segment.EndsWith(WholeSpectrum);
                return header is { } frame ? frame with { Orientation = orientation, ScanOffset = at, HasUnusualScan = isUnusual } : null;
            }

            if (found.Marker == App1 && segment.StartsWith("Exif\0\0"u8) && orientation == ExifOrientation.Upright)
            {
                orientation = ExifOrientation.Parse(segment[6..]);
            }

            if (IsFrame(found.Marker) && segment.Length >= 6 && header is null)
            {
                int width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                int height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
                bool isHuffman = found.Marker <= ProgressiveFrame;
                header = new JpegHeader(width, height, segment[5], isHuffman, ExifOrientation.Upright, ScanOffset: 0, false);
                isProgressive = found.Marker is ProgressiveFrame or ProgressiveArithmeticFrame;
            }
        }

        return null;
    }

    // Moves behind the next marker that has a segment; null where the file ends before that.
    private static (byte Marker, Range Content)? NextSegment(ReadOnlySpan<byte> jpeg, ref int at)
    {
        while (at + 4 <= jpeg.Length)
        {
            byte marker = jpeg[at + 1];
            if (jpeg[at] != 0xFF || marker is 0xFF or 0)
            {
                at++; // fill bytes, or garbage between segments, which decoders skip too
                continue;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2; // markers without a segment
                continue;
            }

            int start = at, length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            at += 2 + length;
            return length < 2 || at > jpeg.Length ? null : (marker, (start + 4)..at);
        }

        return null;
    }

    // 0xC4, 0xC8 and 0xCC are tables and a reserved code in the middle of the frame markers.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
}
