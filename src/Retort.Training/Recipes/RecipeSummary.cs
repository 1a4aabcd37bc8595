using System.Globalization;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>What a recipe does, in words short enough for a line of a list.</summary>
/// <param name="Student">The network that is trained, such as <c>gfl resnet-50</c>.</param>
/// <param name="Teacher">The network that teaches; empty without one.</param>
/// <param name="Terms">What is taught, where, and how strongly.</param>
/// <param name="Schedule">Epochs and images a step.</param>
public sealed record RecipeSummary(string Student, string Teacher, string Terms, string Schedule)
{
    /// <summary>Sums up a recipe.</summary>
    public static RecipeSummary Of(Recipe recipe) => new(
        Network(recipe.Model),
        recipe.Teacher is { } teacher ? Network(teacher.Model) : "",
        string.Join(", ", recipe.Distillation.Select(Term)),
        Invariant($"{recipe.Schedule.Epochs} epochs of {recipe.Loader.BatchSize}{(recipe.Input.Mode == ScaleMode.Single ? "" : ", many scales")}"));

    private static string Network(ModelOptions model)
    {
        BackboneOptions backbone = model.Backbone;
        string width = backbone.Width == 1 ? "" : Invariant($" x{backbone.Width}");
        return Invariant($"{Names.Value(model.Detector)} {Names.Value(backbone.Type)}-{backbone.Depth}{width}");
    }

    private static string Term(DistillationTermOptions term)
    {
        string what = term.Knowledge switch
        {
            KnowledgeKind.Localization => "LD",
            KnowledgeKind.Classification => "KD",
            _ => Names.Value(term.Knowledge),
        };
        string where = term.Region switch
        {
            RegionKind.ValuableLocalization => term.Gamma == 0.25 ? "VLR" : Invariant($"VLR of {term.Gamma}"),
            _ => Names.Value(term.Region),
        };
        string temperature = term.Divergence == DivergenceKind.Kl ? Invariant($", T {term.Temperature}") : "";
        return Invariant($"{what} {where} ({term.Weight}{temperature})");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
