using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// Batches of drawn images: noise with one plain rectangle an object, whose brightness in each channel belongs to its class.
/// </summary>
internal static class DrawnBatch
{
    private const int Images = 2;
    private const int Objects = 3;

    /// <summary>Images [N, 3, H, W] on the CPU, and their objects.</summary>
    public static (Tensor Images, ImageTargets[] Targets) Draw(int seed, int side)
    {
        var random = new Random(seed);
        ImageTargets[] targets = [.. Enumerable.Range(0, Images).Select(
            n => BenchmarkTargets.Draw((Images * seed) + n, side, side, Objects))];
        var pixels = new float[Images * 3 * side * side];
        for (int k = 0; k < pixels.Length; k++)
        {
            pixels[k] = random.NextSingle() - 0.5f;
        }

        for (int n = 0; n < Images; n++)
        {
            for (int k = 0; k < Objects; k++)
            {
                Fill(pixels.AsSpan(n * 3 * side * side, 3 * side * side), side, targets[n].Boxes[k], targets[n].Labels[k]);
            }
        }

        return (Tensor.From(pixels, Images, 3, side, side), targets);
    }

    private static void Fill(Span<float> image, int side, ReadOnlySpan<float> box, int label)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            for (int y = (int)box[1]; y < (int)box[3]; y++)
            {
                image.Slice((((channel * side) + y) * side) + (int)box[0], (int)(box[2] - box[0])).Fill(MathF.Sin(label + channel) * 2);
            }
        }
    }
}
