using Retort.Detection.Dense;
using Retort.Detection.PostProcessing;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes what turns predictions into detections.</summary>
internal static class PostProcessorBuilder
{
    /// <summary>Makes it.</summary>
    public static IPostProcessor Build(ModelOptions model) => RotatedParts.Decoder(model) is { } decoder
        ? new RotatedPostProcessor(AssignerBuilder.Anchors(model), decoder, ToOptions(model))
        : new DistributionPostProcessor(
            new DistributionGeometry
            {
                Strides = PyramidStrides.Of(model),
                CentreOffset = model.Priors.Type == PriorKind.Points ? 0.5f : 0,
                AnchorsPerCell = model.Priors.PerCell,
                BackgroundChannel = model.Head.BackgroundChannel,
            },
            ToOptions(model));

    /// <summary>Makes what reduces detections of one object to one.</summary>
    public static ISuppression Suppression(ModelOptions model) =>
        RotatedParts.Decoder(model) is null ? Upright(model.PostProcessing.Nms) : Rotated(model.PostProcessing.Nms);

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
