using Retort.Recipes;

namespace Retort.Distillation.Tests;

/// <summary>Terms that several tests use.</summary>
public static class Terms
{
    public static DistillationTerm Main { get; } = new();

    public static DistillationTerm Valuable { get; } = new() { Region = Region.ValuableLocalization, Weighting = PriorWeighting.Region };

    public static DistillationTerm Classes { get; } =
        new() { Knowledge = Knowledge.Classification, Temperature = 2, Weight = 10, Weighting = PriorWeighting.One };

    /// <summary>Localization in both regions and classification in the main one, with the constants of the authors' code.</summary>
    public static IReadOnlyList<DistillationTerm> Paper { get; } = Shipped("ld_reference");

    public static DistillationTerm Imitation(Region region, double weight) =>
        new()
        {
            Knowledge = Knowledge.Feature,
            Region = region,
            Divergence = Divergence.Mse,
            Weighting = PriorWeighting.One,
            Weight = weight
        };

    /// <summary>The terms of a shipped part below recipes/_base, as training gets them.</summary>
    public static IReadOnlyList<DistillationTerm> Shipped(string part)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        File.WriteAllText(file, $$"""
            include: [{{Path.Combine(Repository.Root, "recipes/_base", part + ".yaml")}}]
            data:
              format: coco
              root: data
              train: {annotations: train.json, images: images}
            teacher:
              model: {detector: gfl}
              weights: teacher.pth
            """);
        try
        {
            return Recipe.Load(file).Distillation;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The terms of a shipped recipe, such as <c>dota/ld_gwd_r18_r34_1x</c>.</summary>
    public static IReadOnlyList<DistillationTerm> OfRecipe(string name) =>
        Recipe.Load(Path.Combine(Repository.Root, "recipes", name + ".yaml")).Distillation;
}
