using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes what turns predictions into detections.</summary>
internal static class PostProcessorBuilder
{
    /// <summary>Makes it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="strides">Strides of the pyramid, pixels, finest first.</param>
    public static IPostProcessor Build(ModelOptions model, IReadOnlyList<int> strides) =>
        new DensePostProcessor(AssignerBuilder.Priors(model, strides), ToOptions(model), model.Head.BackgroundChannel);

    /// <summary>Makes what reduces detections of one object to one.</summary>
    public static ISuppression Suppression(ModelOptions model) =>
        model.IsRotated ? Rotated(model.PostProcessing.Nms) : Upright(model.PostProcessing.Nms);

    private static Detection.PostProcessing.PostProcessingOptions ToOptions(ModelOptions model) => new()
    {
        ScoreThreshold = model.PostProcessing.ScoreThreshold,
        CandidatesPerLevel = model.PostProcessing.NmsPre,
        MaxDetections = model.PostProcessing.MaxPerImage,
        Suppression = Suppression(model),
    };

    private static RotatedNms Rotated(NmsOptions nms) => nms.Type == NmsKind.Nms
        ? new RotatedNms(nms.Iou, nms.ClassAgnostic)
        : throw new ArgumentOutOfRangeException(nameof(nms), nms.Type, "not a suppression of rotated boxes");

    private static ISuppression Upright(NmsOptions nms) => nms.Type switch
    {
        NmsKind.Nms => new GreedyNms(nms.Iou, nms.ClassAgnostic),
        NmsKind.SoftNms => new SoftNms(nms.Iou, nms.Decay, nms.Sigma, nms.MinScore, nms.ClassAgnostic),
        NmsKind.ScoreVotingClusterDiou => new ScoreVotingClusterDiouNms(nms.Iou, nms.VoteThreshold, nms.VoteVariance, nms.ClassAgnostic, nms.DistancePower),
        _ => throw new ArgumentOutOfRangeException(nameof(nms), nms.Type, "unknown suppression"),
    };
}
