using System.Diagnostics;
using Retort.Core.Geometry;
using Retort.Core.Progress;
using Retort.Prediction;
using Retort.Torch;
using Retort.Torch.Compilation;
using Retort.Training.Building;
using Retort.Vision.Transforms;

namespace Retort.Training.Measuring;

/// <summary>Times a detector on one image at a time: network, decoding and suppression.</summary>
public static class SpeedTest
{
    private const int MinimumWarmup = 3;

    /// <summary>Measures on random images.</summary>
    /// <param name="trained">The detector.</param>
    /// <param name="size">Width and height of the input; null takes the recipe's evaluation size, padded.</param>
    /// <param name="runs">Images that are timed.</param>
    /// <param name="progress">Shows how far the test is; null to show nothing.</param>
    public static SpeedResult Run(TrainedDetector trained, (int Width, int Height)? size, int runs, IProgressReporter? progress = null)
    {
        (int width, int height) = size ?? RecipeSize(trained);
        Runtime.Seed(0);
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor image = Tensor.RandomNormal([1, 3, height, width]).To(trained.Device);
        int warmup = Math.Max(MinimumWarmup, runs / 10);
        var latencies = new double[runs];
        using IProgressTask task = (progress ?? NoProgress.Instance).Start("timing", runs + warmup, "images");
        for (int k = -warmup; k < runs; k++)
        {
            long start = Stopwatch.GetTimestamp();
            using (new TensorScope())
            {
                // The detections come back to the host, so the device has finished when they are here.
                trained.Compiled.Detect(image, [new ImagePlacement(height, width)]);
            }

            if (k >= 0)
            {
                latencies[k] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            task.Advance();
        }

        Array.Sort(latencies);
        long parameters = trained.Detector.NamedParameters().Sum(p => p.Tensor.Count);
        return new SpeedResult(width, height, trained.Device, latencies, parameters,
            MultiplyAdds.PerImage(image, input => trained.Detector.Forward(input)));
    }

    private static (int Width, int Height) RecipeSize(TrainedDetector trained)
    {
        ImageSize padded = trained.Recipe.Input.EffectiveEvaluationScale.RoundUp(trained.Recipe.Input.PadDivisor);
        return (padded.Width, padded.Height);
    }
}
