using Retort.Detection.Dense;

namespace Retort.Distillation.Tests;

/// <summary>Terms that several tests use.</summary>
public static class Terms
{
    public static DistillationTerm Main { get; } = new();

    public static DistillationTerm Valuable { get; } = new() { Region = Region.ValuableLocalization, Weighting = PriorWeighting.Region };

    public static DistillationTerm Classes { get; } =
        new() { Knowledge = Knowledge.Classification, Temperature = 2, Weight = 10, Weighting = PriorWeighting.One };

    /// <summary>Localization in both regions and classification in the main one, with the constants of the authors' code.</summary>
    public static IReadOnlyList<DistillationTerm> Paper { get; } = [Main, Valuable, Classes];

    /// <summary>What the authors' ATSS learns: localization in the main region and, .15 of it, in the valuable one.</summary>
    public static IReadOnlyList<DistillationTerm> Atss { get; } =
        [Main with { Normalisation = Normalisation.Sum }, Valuable with { Normalisation = Normalisation.Sum, Weight = 0.25 * 0.15 }, Classes];

    /// <summary>What the authors' FCOS learns: localization in the main region and, a quarter of it, at the remaining points inside objects.</summary>
    public static IReadOnlyList<DistillationTerm> Fcos { get; } =
    [
        Main with { Normalisation = Normalisation.Sum },
        Main with { Region = Region.Remaining, Normalisation = Normalisation.Sum, Weight = 0.25 * 0.25 },
        Classes,
    ];

    /// <summary>What the authors' RetinaNet learns: one softmax over the four edges; 5, and .03 of it, divided by 4.</summary>
    public static IReadOnlyList<DistillationTerm> Retina { get; } =
    [
        Main with { Edges = EdgeSoftmax.Joint, Normalisation = Normalisation.Sum, Weight = 1.25 },
        Valuable with
        {
            Valuable = new ValuableRegionOptions { ExcludePositives = true },
            Edges = EdgeSoftmax.Joint,
            Normalisation = Normalisation.Sum,
            Weight = 1.25 * 0.03,
        },
        Classes with { Temperature = 8 },
    ];

    public static DistillationTerm Imitation(Region region, double weight) =>
        new() { Knowledge = Knowledge.Feature, Region = region, Divergence = Divergence.Mse, Weighting = PriorWeighting.One, Weight = weight };
}
