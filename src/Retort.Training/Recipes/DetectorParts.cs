using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>What a kind of detector is made of, as far as the options of a recipe can contradict it.</summary>
/// <param name="Classification">The loss that its class scores are made for.</param>
internal sealed record DetectorParts(ClassificationLossKind Classification)
{
    /// <summary>Whether it has one anchor a cell.</summary>
    public bool OneAnchor { get; private init; } = true;

    /// <summary>Whether it has a loss of the box-edge distributions beside that of the boxes.</summary>
    public bool DistributionLoss { get; private init; }

    /// <summary>Whether its boxes are rotated.</summary>
    public bool Rotated { get; private init; }

    /// <summary>Whether its quality is told from the distributions of the box edges, and background may have a channel.</summary>
    public bool Quality { get; private init; }

    /// <summary>The parts of a kind.</summary>
    public static DetectorParts Of(DetectorKind kind) => kind switch
    {
        DetectorKind.Gfl => new DetectorParts(ClassificationLossKind.QualityFocal) { DistributionLoss = true },
        DetectorKind.Gflv2 => new DetectorParts(ClassificationLossKind.QualityFocal) { DistributionLoss = true, Quality = true },
        DetectorKind.Atss or DetectorKind.Fcos => new DetectorParts(ClassificationLossKind.Focal),
        DetectorKind.Retina => new DetectorParts(ClassificationLossKind.Focal) { OneAnchor = false },
        DetectorKind.RotatedRetina => new DetectorParts(ClassificationLossKind.Focal) { OneAnchor = false, Rotated = true },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown detector"),
    };

    /// <summary>Checks the options of a model against its detector.</summary>
    /// <param name="model">The model.</param>
    /// <param name="key">Where it stands in the recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(ModelOptions model, string key, Action<bool, string, string> require)
    {
        DetectorParts parts = Of(model.Detector);
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
