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

    public static DistillationTerm Imitation(Region region, double weight) =>
        new() { Knowledge = Knowledge.Feature, Region = region, Divergence = Divergence.MeanSquaredError, Weighting = PriorWeighting.One, Weight = weight };
}
