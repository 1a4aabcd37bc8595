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
        AssignerKind.Atss => new AtssAssigner(Anchors(model), model.Assigner.TopK),
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Assigner.Type, "unknown assigner"),
    };

    private static PriorGenerator Anchors(ModelOptions model) =>
        PriorGenerator.Anchors(PyramidStrides.Of(model), model.Priors.OctaveBaseScale, model.Priors.ScalesPerOctave, model.Priors.Ratios);
}
