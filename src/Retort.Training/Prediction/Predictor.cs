using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Vision.Imaging;
using Retort.Vision.Transforms;

namespace Retort.Training.Prediction;

/// <summary>Finds objects in single pictures with a trained detector.</summary>
public sealed class Predictor(TrainedDetector trained)
{
    private readonly PipelineOptions _pipeline = LoaderBuilder.EvaluationPipeline(trained.Recipe.Input);

    /// <summary>The detector.</summary>
    public TrainedDetector Trained => trained;

    /// <summary>Detections in one picture, boxes in its own pixels, best first.</summary>
    public Detections Detect(Image image)
    {
        SampleGeometry geometry = _pipeline.Plan(new ImageSize(image.Width, image.Height), new SampleRandom(0, 0, 0));
        using var scope = new TensorScope();
        using var noGrad = new NoGradScope();
        Tensor input = Tensor.Zeros([1, Image.Channels, geometry.Padded.Height, geometry.Padded.Width]);
        ImageRenderer.Render(image, geometry, _pipeline.Normalize, input.Span<float>(), geometry.Padded);
        return trained.Compiled.Detect(input.To(trained.Device), [geometry.Placement])[0];
    }
}
