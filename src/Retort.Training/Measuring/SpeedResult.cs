using Retort.Torch;

namespace Retort.Training.Measuring;

/// <summary>How fast and how large a detector is.</summary>
/// <param name="Width">Width of the network's input, pixels.</param>
/// <param name="Height">Height of the network's input, pixels.</param>
/// <param name="Device">Where it was measured.</param>
/// <param name="Latencies">Time of each timed image, milliseconds, sorted.</param>
/// <param name="Parameters">Trainable and frozen parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds of all convolutions for one image.</param>
public sealed record SpeedResult(int Width, int Height, Device Device, double[] Latencies, long Parameters, long MultiplyAdds)
{
    private const double MillisecondsPerSecond = 1000;

    /// <summary>Images a second at the mean latency.</summary>
    public double ImagesPerSecond => MillisecondsPerSecond / Latencies.Average();

    /// <summary>Latency that so many percent of the images do not exceed, milliseconds (nearest rank).</summary>
    public double Percentile(double percent) =>
        Latencies[Math.Clamp((int)Math.Ceiling(percent / 100 * Latencies.Length) - 1, 0, Latencies.Length - 1)];
}
