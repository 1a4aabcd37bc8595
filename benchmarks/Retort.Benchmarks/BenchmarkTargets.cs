using Retort.Core.Geometry;
using Retort.Detection.Dense;

namespace Retort.Benchmarks;

/// <summary>Ground truth as the benchmarks want it.</summary>
internal static class BenchmarkTargets
{
    /// <summary>Objects of a tenth to a half of the image's sides at places that the seed gives; 80 classes.</summary>
    public static ImageTargets Draw(int seed, int height, int width, int objects)
    {
        var random = new Random(seed);
        float[] boxes = new float[4 * objects];
        for (int k = 0; k < objects; k++)
        {
            float w = (0.1f + (0.4f * random.NextSingle())) * width, h = (0.1f + (0.4f * random.NextSingle())) * height;
            float x = random.NextSingle() * (width - w), y = random.NextSingle() * (height - h);
            new[] { x, y, x + w, y + h }.CopyTo(boxes, 4 * k);
        }

        return new ImageTargets(height, width, height, width, Boxes.Upright(boxes),
            [.. Enumerable.Range(0, objects).Select(_ => random.Next(80))]);
    }
}
