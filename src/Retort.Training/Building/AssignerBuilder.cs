using Retort.Detection.Assigners;
using Retort.Detection.Dense;
using Retort.Detection.Priors;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>Makes the label assignment that a recipe names, with its priors.</summary>
internal static class AssignerBuilder
{
    /// <summary>Makes it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="strides">Strides of the pyramid, pixels, finest first.</param>
    public static IBatchAssigner Build(ModelOptions model, IReadOnlyList<int> strides) => model.Assigner.Type switch
    {
        AssignerKind.Atss => new AtssAssigner(Priors(model, strides), model.Assigner.TopK, model.Assigner.IgnoredIof),
        AssignerKind.MaxIou => new MaxIouAssigner(Priors(model, strides), ToMaxIou(model)),
        AssignerKind.Fcos => new FcosAssigner(strides, ToFcos(model)),
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

    /// <summary>The priors of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="strides">Strides of the pyramid, pixels, finest first.</param>
    public static PriorGenerator Priors(ModelOptions model, IReadOnlyList<int> strides) => model.Priors.Type == PriorKind.Points
        ? PriorGenerator.Points(strides)
        : PriorGenerator.Anchors(
            strides, model.Priors.OctaveBaseScale, model.Priors.ScalesPerOctave, model.Priors.Ratios, allowedBorder: model.Priors.AllowedBorder);
}
