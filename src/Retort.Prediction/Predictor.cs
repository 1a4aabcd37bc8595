using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Prediction;

/// <summary>Finds objects in single images. Not safe for use by several threads at once.</summary>
/// <param name="detector">The network; it stays the caller's.</param>
/// <param name="pipeline">How images are prepared for it.</param>
/// <param name="device">Where the network is.</param>
public sealed class Predictor(CompiledDetector detector, PipelineOptions pipeline, Device device)
{
    /// <summary>Detections in one image, boxes in its own pixels, highest score first.</summary>
    /// <param name="image">The image.</param>
    public Detections Detect(Image image)
    {
        SampleGeometry geometry = pipeline.Plan(new ImageSize(image.Width, image.Height), new SampleRandom(0, 0, 0));
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor input = Tensor.Zeros([1, Image.Channels, geometry.Padded.Height, geometry.Padded.Width]);
        ImageRenderer.Render(image, geometry, pipeline, input.Span<float>(), geometry.Padded);
        return detector.Detect(input.To(device), [geometry.Placement])[0];
    }
}
