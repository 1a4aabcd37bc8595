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

    /// <summary>A BMP file of 24 bits a pixel, rows from the bottom.</summary>
    public static byte[] Bmp(Image image)
    {
        int row = (image.Stride + 3) / 4 * 4;
        byte[] file = new byte[54 + (row * image.Height)];
        "BM"u8.CopyTo(file);
        foreach ((int at, int value) in new[] { (2, file.Length), (10, 54), (14, 40), (18, image.Width), (22, image.Height),
            (26, 1 | (24 << 16)) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        }

        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(file.AsSpan(54 + (row * (image.Height - 1 - y))));
        }

        return file;
    }

    /// <summary>
    /// A GIF file of grey frames, each [height, width] of values 0 to 127, shown twice as bright. With codes of 8 bits, a code is a byte.
    /// </summary>
    public static byte[] Gif(int width, int height, params byte[][] frames)
    {
        byte[] screen = [(byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8)];
        List<byte> file = [.. "GIF89a"u8, .. screen, 0xF6, 0, 0];
        file.AddRange(Enumerable.Range(0, 128).SelectMany(i => new[] { (byte)(2 * i), (byte)(2 * i), (byte)(2 * i) }));
        foreach (byte[] frame in frames)
        {
            file.AddRange([0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, .. screen, 0, 7]);
            byte[] codes = [.. frame.Chunk(100).SelectMany(part => part.Prepend((byte)128)), 129];
            file.AddRange(codes.Chunk(255).SelectMany(block => block.Prepend((byte)block.Length)));
            file.Add(0);
        }

        file.Add(0x3B);
        return [.. file];
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
