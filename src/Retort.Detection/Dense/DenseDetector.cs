using Retort.Core.Geometry;
using Retort.Detection.Coding;
using Retort.Torch;
using Retort.Torch.Modules;

namespace Retort.Detection.Dense;

/// <summary>
/// A dense detector as a composition: backbone, neck and head hold the parameters; box coding, assigner, criterion and post-processor hold
/// none.
/// </summary>
public sealed class DenseDetector : Module
{
    private readonly FeatureExtractor _backbone;
    private readonly FeatureExtractor _neck;
    private readonly DenseHead _head;

    /// <summary>Composes a detector; parameters are named backbone.*, neck.* and bbox_head.*.</summary>
    /// <param name="backbone">See <see cref="Backbone"/>.</param>
    /// <param name="neck">See <see cref="Neck"/>.</param>
    /// <param name="head">See <see cref="Head"/>.</param>
    /// <param name="coding">See <see cref="Coding"/>.</param>
    /// <param name="assigner">See <see cref="Assigner"/>.</param>
    /// <param name="criterion">See <see cref="Criterion"/>.</param>
    /// <param name="postProcessor">See <see cref="PostProcessor"/>.</param>
    public DenseDetector(
        FeatureExtractor backbone,
        FeatureExtractor neck,
        DenseHead head,
        IBoxCoding coding,
        IBatchAssigner assigner,
        IDetectionCriterion criterion,
        IPostProcessor postProcessor)
    {
        _backbone = Register("backbone", backbone);
        _neck = Register("neck", neck);
        _head = Register("bbox_head", head);
        Coding = coding;
        Assigner = assigner;
        Criterion = criterion;
        PostProcessor = postProcessor;
    }

    /// <summary>The backbone.</summary>
    public FeatureExtractor Backbone => _backbone;

    /// <summary>The neck.</summary>
    public FeatureExtractor Neck => _neck;

    /// <summary>The head.</summary>
    public DenseHead Head => _head;

    /// <summary>How the head's box logits stand for boxes.</summary>
    public IBoxCoding Coding { get; }

    /// <summary>Label assignment.</summary>
    public IBatchAssigner Assigner { get; }

    /// <summary>Training losses.</summary>
    public IDetectionCriterion Criterion { get; }

    /// <summary>Decoding and suppression.</summary>
    public IPostProcessor PostProcessor { get; }

    /// <summary>Predictions for normalised images [N, 3, H, W].</summary>
    public DenseOutput Forward(Tensor images) => _head.Forward(_neck.Forward(_backbone.Forward([images])));

    /// <summary>The detector's own losses, weighted and normalised; their sum is minimised.</summary>
    /// <param name="output">Predictions of a batch, with gradient history.</param>
    /// <param name="assignment">The batch's label assignment.</param>
    public IReadOnlyList<LossTerm> Losses(DenseOutput output, BatchAssignment assignment) => Criterion.Compute(output, assignment, Coding);

    /// <summary>Final detections.</summary>
    /// <param name="output">Predictions of a batch.</param>
    /// <param name="placements">Where each image lies in the network's input.</param>
    public IReadOnlyList<Detections> Detect(DenseOutput output, IReadOnlyList<ImagePlacement> placements) =>
        PostProcessor.Process(output, placements, Coding);
}
