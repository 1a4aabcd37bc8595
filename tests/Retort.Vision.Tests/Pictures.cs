using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Vision.Tests;

/// <summary>Seeded pictures.</summary>
internal static class Pictures
{
    /// <summary>Every byte independent: the hardest picture for codecs and the best one for finding swapped pixels.</summary>
    public static Image Noise(int width, int height, int seed)
    {
        var image = new Image(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>A PNG file of 16 bits a pixel, all black.</summary>
    public static byte[] GrayOfSixteenBits(int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n']);
        byte[] header = [0, 0, 0, (byte)width, 0, 0, 0, (byte)height, 16, 0, 0, 0, 0];
        using var rows = new MemoryStream();
        using (var deflate = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(new byte[height * (1 + (2 * width))]);
        }

        foreach ((string type, byte[] body) in new[] { ("IHDR", header), ("IDAT", rows.ToArray()), ("IEND", []) })
        {
            byte[] chunk = [.. Encoding.ASCII.GetBytes(type), .. body];
            byte[] number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
            png.Write([.. number, .. chunk]);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(chunk));
            png.Write(number);
        }

        return png.ToArray();
    }

    /// <summary>Smooth colours and an edge, as photographs have.</summary>
    public static Image Scene(int width, int height, int seed)
    {
        var random = new SampleRandom(seed, 0, 0);
        (int a, int b, int c) = (random.NextInt(1, 7), random.NextInt(1, 7), random.NextInt(0, 100));
        var image = new Image(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<byte> row = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                int edge = x > width / 3 && y > height / 4 ? 90 : 0;
                row[3 * x] = (byte)(((x * a) + c) / 4 % 160 + edge);
                row[(3 * x) + 1] = (byte)(((y * b) + c) / 4 % 160 + edge);
                row[(3 * x) + 2] = (byte)(((x + y) * a) / 8 % 160 + edge);
            }
        }

        return image;
    }
}
