using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Training.Prediction;

/// <summary>Finds objects in single images with a trained detector. Not safe for use by several threads at once.</summary>
public sealed class Predictor(TrainedDetector trained)
{
    private readonly PipelineOptions _pipeline = trained.Recipe.Input.ForEvaluation();

    /// <summary>The detector.</summary>
    public TrainedDetector Trained => trained;

    /// <summary>Detections in one image, boxes in its own pixels, highest score first.</summary>
    public Detections Detect(Image image)
    {
        SampleGeometry geometry = _pipeline.Plan(new ImageSize(image.Width, image.Height), new SampleRandom(0, 0, 0));
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor input = Tensor.Zeros([1, Image.Channels, geometry.Padded.Height, geometry.Padded.Width]);
        ImageRenderer.Render(image, geometry, _pipeline, input.Span<float>(), geometry.Padded);
        return trained.Compiled.Detect(input.To(trained.Device), [geometry.Placement])[0];
    }
}
