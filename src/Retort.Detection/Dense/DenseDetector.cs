using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Dense;

/// <summary>A network that maps an image batch to pyramid features: a backbone gives C2..C5, a neck turns them into P3..P7.</summary>
public abstract class FeatureExtractor : Module
{
    /// <summary>Channels of each map that <see cref="Forward"/> gives, finest first.</summary>
    public abstract IReadOnlyList<int> Channels { get; }

    /// <summary>Maps, finest first.</summary>
    public abstract IReadOnlyList<Tensor> Forward(IReadOnlyList<Tensor> inputs);
}

/// <summary>A head on shared towers that predicts classes and box edges on every level.</summary>
public abstract class DenseHead : Module
{
    /// <summary>Predictions on the neck's maps [N, D, H, W], finest first.</summary>
    public abstract DenseOutput Forward(IReadOnlyList<Tensor> features);
}

/// <summary>Assigns objects to priors for a whole batch.</summary>
public interface IBatchAssigner
{
    /// <summary>Assigns every image's objects.</summary>
    /// <param name="levels">Height and width of each level's map, finest first.</param>
    /// <param name="targets">Ground truth of each image.</param>
    /// <param name="device">Where the result's tensors are wanted.</param>
    BatchAssignment Assign(IReadOnlyList<(int Height, int Width)> levels, IReadOnlyList<ImageTargets> targets, Device device);
}

/// <summary>The losses of a detector without any teacher.</summary>
public interface IDetectionCriterion
{
    /// <summary>The weighted, normalised terms; their sum is minimised.</summary>
    IReadOnlyList<LossTerm> Compute(DenseOutput output, BatchAssignment assignment);
}

/// <summary>Turns predictions into final detections.</summary>
public interface IPostProcessor
{
    /// <summary>Decodes, filters and suppresses.</summary>
    /// <param name="output">Predictions of a batch.</param>
    /// <param name="sizes">Height and width of each image proper in the network's input (boxes are clipped to it), and the factors that its original was scaled by.</param>
    IReadOnlyList<Detections> Process(DenseOutput output, IReadOnlyList<(int Height, int Width, float ScaleX, float ScaleY)> sizes);
}

/// <summary>
/// A dense detector as a composition: backbone, neck and head hold the parameters; assigner, criterion and post-processor hold none.
/// </summary>
public sealed class DenseDetector : Module
{
    private readonly FeatureExtractor _backbone;
    private readonly FeatureExtractor _neck;
    private readonly DenseHead _head;

    /// <summary>Composes a detector; parameters are named backbone.*, neck.* and bbox_head.*.</summary>
    public DenseDetector(FeatureExtractor backbone, FeatureExtractor neck, DenseHead head, IBatchAssigner assigner, IDetectionCriterion criterion, IPostProcessor postProcessor)
    {
        _backbone = Register("backbone", backbone);
        _neck = Register("neck", neck);
        _head = Register("bbox_head", head);
        (Assigner, Criterion, PostProcessor) = (assigner, criterion, postProcessor);
    }

    /// <summary>The backbone.</summary>
    public FeatureExtractor Backbone => _backbone;

    /// <summary>The neck.</summary>
    public FeatureExtractor Neck => _neck;

    /// <summary>The head.</summary>
    public DenseHead Head => _head;

    /// <summary>Label assignment.</summary>
    public IBatchAssigner Assigner { get; }

    /// <summary>Training losses.</summary>
    public IDetectionCriterion Criterion { get; }

    /// <summary>Decoding and suppression.</summary>
    public IPostProcessor PostProcessor { get; }

    /// <summary>Predictions for normalised images [N, 3, H, W].</summary>
    public DenseOutput Forward(Tensor images) => _head.Forward(_neck.Forward(_backbone.Forward([images])));
}
