using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the label assignment that a recipe names, with its priors.</summary>
internal static class AssignerBuilder
{
    /// <summary>Makes it.</summary>
    public static IBatchAssigner Build(ModelOptions model) => model.Assigner.Type switch
    {
        AssignerKind.Atss => new AtssAssigner(Anchors(model), model.Assigner.TopK, model.Assigner.IgnoredIof),
        AssignerKind.MaxIou => new MaxIouAssigner(Anchors(model), ToMaxIou(model)),
        AssignerKind.Fcos => new FcosAssigner(PyramidStrides.Of(model), ToFcos(model)),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Assigner.Type, "unknown assigner"),
    };

    private static MaxIouOptions ToMaxIou(ModelOptions model) => new()
    {
        PositiveIou = model.Assigner.PositiveIou,
        NegativeIou = model.Assigner.NegativeIou,
        LeastIou = model.Assigner.LeastIou,
        Unmatched = model.Assigner.Unmatched,
        IgnoredIof = model.Assigner.IgnoredIof,
        TopK = model.Assigner.TopK,
        Rotated = RotatedParts.Convention(model),
    };

    private static FcosAssignerOptions ToFcos(ModelOptions model) => new()
    {
        CentreRadius = model.Assigner.CentreRadius,
        Reach = model.Assigner.Reach,
        AnchorScale = model.Priors.OctaveBaseScale,
        TopK = model.Assigner.TopK,
    };

    /// <summary>The anchors of a model.</summary>
    public static PriorGenerator Anchors(ModelOptions model) =>
        PriorGenerator.Anchors(
            PyramidStrides.Of(model), model.Priors.OctaveBaseScale, model.Priors.ScalesPerOctave, model.Priors.Ratios, allowedBorder: model.Priors.AllowedBorder);
}
