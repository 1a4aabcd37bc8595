using Retort.Detection.Backbones;
using Retort.Detection.Detectors;
using Retort.Detection.Layers;
using Retort.Recipes;

namespace Retort.Training.Building;

/// <summary>Refuses to train where a part of the backbone would keep the random values that it begins with.</summary>
internal static class UntrainedBackbone
{
    /// <summary>Checks a model whose training is to begin.</summary>
    /// <exception cref="RecipeException">Nothing gives it weights, and stages or the statistics of normalisation are fixed.</exception>
    public static void Refuse(DetectorOptions model)
    {
        BackboneOptions backbone = model.Backbone;
        bool stages = backbone.FrozenStages >= 0;
        bool statistics = backbone is { Norm: NormalizationKind.Batch, NormMode: not NormalizationMode.Train };
        if (model.Weights is not null || backbone.Weights is not null || !(stages || statistics))
        {
            return;
        }

        string[] kept =
        [
            .. stages ? [$"frozenStages {backbone.FrozenStages} keeps its first layers at random values"] : Array.Empty<string>(),
            .. statistics ? ["normMode " + (backbone.NormMode == NormalizationMode.Eval ? "eval" : "frozen")
                + " keeps its normalisation as it begins"] : Array.Empty<string>(),
        ];
        throw new RecipeException($"model.backbone has no weights to start from, and {string.Join(" and ", kept)}: give it some "
            + "(model.backbone.weights, or model.weights for a whole detector), "
            + "or train all of it with --set model.backbone.frozenStages=-1 --set model.backbone.normMode=train, as "
                + "own-data/student_scratch, teacher_scratch and ld_scratch do");
    }
}
