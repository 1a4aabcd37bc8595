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
