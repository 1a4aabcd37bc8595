using Retort.Core.Geometry;
using Retort.Detection.Criteria;
using Retort.Detection.Dense;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the losses of detectors, one function for those that have the same.</summary>
internal static class CriterionBuilder
{
    public static IDetectionCriterion Gfl(ModelOptions model) => new GflCriterion(ToGfl(model.Losses));

    public static IDetectionCriterion Centerness(ModelOptions model) => new CenternessCriterion(ToCenterness(model.Losses));

    public static IDetectionCriterion Retina(ModelOptions model) => new RetinaCriterion(ToRetina(model.Losses));

    public static IDetectionCriterion RotatedRetina(ModelOptions model) =>
        new RotatedRetinaCriterion(RotatedParts.ToRetina(model.Losses, ToFocal(model.Losses.Classification)));

    private static GflOptions ToGfl(LossOptions losses) => new()
    {
        QualityBeta = losses.Classification.Beta,
        ClassificationWeight = losses.Classification.Weight,
        BoxLoss = ToBoxLoss(losses.Box),
        BoxWeight = losses.Box.Weight,
        DistributionWeight = losses.Distribution.Weight,
    };

    private static CenternessOptions ToCenterness(LossOptions losses) => new()
    {
        Classification = ToFocal(losses.Classification),
        BoxLoss = ToBoxLoss(losses.Box),
        BoxWeight = losses.Box.Weight,
        CenternessWeight = losses.Centerness.Weight,
    };

    private static RetinaOptions ToRetina(LossOptions losses) => new()
    {
        Classification = ToFocal(losses.Classification),
        BoxLoss = ToBoxLoss(losses.Box),
        BoxWeight = losses.Box.Weight,
    };

    private static FocalOptions ToFocal(ClassificationLossOptions focal) => new() { Alpha = focal.Alpha, Gamma = focal.Gamma, Weight = focal.Weight };

    private static Detection.Losses.BoxLossKind ToBoxLoss(BoxLossOptions box) => box.Type switch
    {
        BoxLossKind.Giou => Detection.Losses.BoxLossKind.Giou,
        BoxLossKind.Diou => Detection.Losses.BoxLossKind.Diou,
        BoxLossKind.Ciou => Detection.Losses.BoxLossKind.Ciou,
        _ => throw new ArgumentOutOfRangeException(nameof(box), box.Type, "unknown box loss"),
    };
}
