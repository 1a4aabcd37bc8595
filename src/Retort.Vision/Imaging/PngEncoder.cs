using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Numerics;

namespace Retort.Vision.Imaging;

/// <summary>
/// Encodes 8-bit RGB PNG. Each row has the filter with the smallest absolute sum, as the specification recommends (section 12.8).
/// </summary>
internal static class PngEncoder
{
    public static byte[] Encode(Image image)
    {
        using var png = new MemoryStream();
        png.Write(ImageFormats.PngSignature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        (header[8], header[9], header[10], header[11], header[12]) = (8, (byte)PngColor.Rgb, 0, 0, 0);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(image));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(Image image)
    {
        var data = new MemoryStream();
        byte[] row = new byte[image.Stride];
        byte[] above = new byte[image.Stride];
        byte[][] candidates = [.. Enumerable.Range(0, PngFilter.Count).Select(_ => new byte[image.Stride + 1])];
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ToRgb(image.Row(y), row);
                deflate.Write(candidates[BestFilter(row, above, candidates)]);
                (row, above) = (above, row);
            }
        }

        return data.GetBuffer().AsSpan(0, checked((int)data.Length));
    }

    private static void ToRgb(ReadOnlySpan<byte> bgr, byte[] rgb)
    {
        for (int i = 0; i < bgr.Length; i += 3)
        {
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (bgr[i + 2], bgr[i + 1], bgr[i]);
        }
    }

    private static int BestFilter(byte[] row, byte[] above, byte[][] candidates)
    {
        (int best, long least) = (0, long.MaxValue);
        for (int type = 0; type < candidates.Length; type++)
        {
            long sum = Apply(type, row, above, candidates[type]);
            if (sum < least)
            {
                (best, least) = (type, sum);
            }
        }

        return best;
    }

    private static long Apply(int type, byte[] row, byte[] above, byte[] filtered)
    {
        filtered[0] = (byte)type;
        long sum = 0;
        int i = 0;
        for (; i < Image.Channels; i++)
        {
            sum += Apply(type, row, above, filtered, i, left: 0, upperLeft: 0);
        }

        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> left = new(row, i - Image.Channels);
            var predicted = PngPrediction.Of(type, left, new Vector<byte>(above, i), new Vector<byte>(above, i - Image.Channels));
            Vector<byte> value = new Vector<byte>(row, i) - predicted;
            value.CopyTo(filtered, i + 1);
            Vector<byte> magnitude = Vector.Min(value, -value);
            Vector.Widen(magnitude, out Vector<ushort> low, out Vector<ushort> high);
            sum += Vector.Sum(low + high);
        }

        for (; i < row.Length; i++)
        {
            sum += Apply(type, row, above, filtered, i, row[i - Image.Channels], above[i - Image.Channels]);
        }

        return sum;
    }

    private static int Apply(int type, byte[] row, byte[] above, byte[] filtered, int i, int left, int upperLeft)
    {
        byte value = (byte)(row[i] - PngPrediction.Of(type, left, above[i], upperLeft));
        filtered[i + 1] = value;
        return Math.Abs((int)(sbyte)value);
    }

    private static void WriteChunk(Stream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        byte[] chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 8), Crc32.HashToUInt32(chunk.AsSpan(4, body.Length + 4)));
        png.Write(chunk);
    }
}
