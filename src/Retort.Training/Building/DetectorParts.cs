using Retort.Detection.Dense;
using Retort.Training.Recipes;

namespace Retort.Training.Building;

/// <summary>
/// What a kind of detector is made of beside the parts that a recipe chooses freely, and what options it can have. A new detector is a line here.
/// </summary>
/// <param name="Classification">The loss that its class scores are made for.</param>
/// <param name="Head">Makes its head for a number of classes.</param>
/// <param name="Criterion">Makes its losses.</param>
internal sealed record DetectorParts(
    ClassificationLossKind Classification, Func<ModelOptions, int, DenseHead> Head, Func<ModelOptions, IDetectionCriterion> Criterion)
{
    /// <summary>Whether it has one anchor a cell.</summary>
    public bool OneAnchor { get; private init; } = true;

    /// <summary>Whether it has a loss of the box-edge distributions beside that of the boxes.</summary>
    public bool DistributionLoss { get; private init; }

    /// <summary>Whether it has a centerness.</summary>
    public bool Centerness { get; private init; }

    /// <summary>Whether its boxes are rotated.</summary>
    public bool Rotated { get; private init; }

    /// <summary>Whether its quality is told from the distributions of the box edges, and background may have a channel.</summary>
    public bool Quality { get; private init; }

    /// <summary>The parts of a kind.</summary>
    public static DetectorParts Of(DetectorKind kind) => kind switch
    {
        DetectorKind.Gfl => new DetectorParts(ClassificationLossKind.QualityFocal, HeadBuilder.Gfl, CriterionBuilder.Gfl) { DistributionLoss = true },
        DetectorKind.Gflv2 => new DetectorParts(ClassificationLossKind.QualityFocal, HeadBuilder.Gflv2, CriterionBuilder.Gfl) { DistributionLoss = true, Quality = true },
        DetectorKind.Atss => new DetectorParts(ClassificationLossKind.Focal, HeadBuilder.Atss, CriterionBuilder.Centerness) { Centerness = true },
        DetectorKind.Fcos => new DetectorParts(ClassificationLossKind.Focal, HeadBuilder.Fcos, CriterionBuilder.Centerness) { Centerness = true },
        DetectorKind.Retina => new DetectorParts(ClassificationLossKind.Focal, HeadBuilder.Retina, CriterionBuilder.Retina) { OneAnchor = false },
        DetectorKind.RotatedRetina => new DetectorParts(ClassificationLossKind.Focal, HeadBuilder.RotatedRetina, CriterionBuilder.RotatedRetina) { OneAnchor = false, Rotated = true },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown detector"),
    };
}
