using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Retort.Vision.Imaging;

/// <summary>8-bit RGB PNG, every row with the filter of the smallest absolute sum (the specification's recommendation, section 12.8).</summary>
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
        for (int i = 0; i < row.Length; i++)
        {
            int left = i < 3 ? 0 : row[i - 3];
            int upperLeft = i < 3 ? 0 : above[i - 3];
            int predicted = type switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) >> 1,
                4 => PngFilter.Paeth(left, above[i], upperLeft),
                _ => 0,
            };
            byte value = (byte)(row[i] - predicted);
            filtered[i + 1] = value;
            sum += Math.Abs((int)(sbyte)value);
        }

        return sum;
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
