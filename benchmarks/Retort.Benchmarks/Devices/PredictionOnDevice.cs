using System.Globalization;
using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Torch;

namespace Retort.Benchmarks.Devices;

/// <summary>
/// Whole predictions, from normalised images to suppressed boxes, with about a thousand candidates an image, beside the network alone.
/// </summary>
internal static class PredictionOnDevice
{
    private const int Candidates = 1000;

    public static IEnumerable<BenchmarkRow> Run(Device device, DeviceSize size)
    {
        Runtime.AllowTf32 = true;
        foreach (int batch in size.Batches)
        {
            using DenseDetector detector = BenchmarkDetectors.Build("gfl", size.Student);
            detector.To(device);
            detector.Evaluate();
            detector.SetRequiresGrad(false);
            using var compiled = new CompiledDetector(detector);
            using var random = Tensor.RandomNormal([batch, 3, size.Height, size.Width]);
            using Tensor images = random.To(device);
            RaiseScores(detector, compiled, images, batch);
            ImagePlacement[] placements = [.. Enumerable.Repeat(new ImagePlacement(size.Height, size.Width), batch)];
            CudaRuntime? cuda = CudaRuntime.For(device);
            int found = 0;
            double network = Timing.MedianSeconds(() => Network(compiled, images, cuda), size.Turns + 1);
            double whole = Timing.MedianSeconds(() => found = compiled.Detect(images, placements).Sum(d => d.Count), size.Turns + 1);
            yield return new BenchmarkRow(
                $"prediction gfl R-{size.Student} with suppression, batch {batch}, {size.Height}x{size.Width}",
                string.Create(CultureInfo.InvariantCulture, $"{Timing.Milliseconds(whole)}, {batch / whole:0.0} images/s, {found} boxes"),
                $"{Timing.Milliseconds(network)} (the network alone)",
                (whole / network).ToString("0.00", CultureInfo.InvariantCulture),
                "");
        }
    }

    private static void Network(CompiledDetector compiled, Tensor images, CudaRuntime? cuda)
    {
        using var noGrad = new NoGradScope();
        compiled.Forward(images);
        cuda?.Synchronize();
    }

    // Fresh weights score everything at 1 %: the bias of the classes is raised until so many scores pass the threshold of 5 %.
    private static void RaiseScores(DenseDetector detector, CompiledDetector compiled, Tensor images, int batch)
    {
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor logits = Tensor.Cat([.. compiled.Forward(images).Levels.Select(l => l.ClassLogits.Reshape(-1))]);
        double least = logits.TopK(Math.Min(Candidates * batch, logits.Count), 0).Values.Min().Item();
        Tensor bias = detector.NamedParameters().Single(p => p.Name == "bbox_head.gfl_cls.bias").Tensor.Detach();
        bias.CopyFrom(bias + (Math.Log(0.05 / 0.95) - least));
    }
}
