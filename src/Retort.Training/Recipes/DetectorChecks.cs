using Retort.Training.Building;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks the options of a model against what its detector is made of.</summary>
internal static class DetectorChecks
{
    /// <summary>Checks a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(ModelOptions model, string key, Action<bool, string, string> require)
    {
        DetectorParts parts = DetectorParts.Of(model.Detector);
        string detector = Names.Value(model.Detector);
        require(
            model.Losses.Classification.Type == parts.Classification,
            $"{key}.losses.classification",
            $"the detector {detector} is trained with the classification loss {Names.Value(parts.Classification)}, but '{key}.losses.classification.type' is "
            + $"{Names.Value(model.Losses.Classification.Type)}; change it, or include the base recipe {detector.Replace('-', '_')}.yaml");
        require(
            parts.DistributionLoss || model.Losses.Distribution.Weight == 0,
            $"{key}.losses.distribution",
            $"the detector {detector} has no loss of the box-edge distributions; set '{key}.losses.distribution.weight' to 0");
        require(
            !parts.OneAnchor || model.Priors.PerCell == 1,
            $"{key}.priors",
            $"the detector {detector} has one anchor a cell, but '{key}.priors' makes {model.Priors.PerCell}");
        require(
            parts.Quality || !model.Head.BackgroundChannel,
            $"{key}.head.backgroundChannel",
            $"the detector {detector} has no channel for background; set '{key}.head.backgroundChannel' to false");
        require(
            !parts.Quality || model.Head.Quality.TopK <= model.Head.RegMax + 1,
            $"{key}.head.quality",
            $"'{key}.head.quality.topK' is {model.Head.Quality.TopK}, but an edge has {model.Head.RegMax + 1} bins; lower it, or raise '{key}.head.regMax'");
        RotatedChecks.Check(model, parts.Rotated, key, require);
    }
}
