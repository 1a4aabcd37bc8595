using System.Globalization;
using Retort.Core.Options;
using Retort.Core.Text;
using Retort.Detection.Backbones;
using Retort.Detection.Criteria;
using Retort.Detection.Detectors;
using Retort.Distillation;
using Retort.Recipes.Reading;
using Retort.Vision.Transforms;
using static System.FormattableString;

namespace Retort.Recipes;

/// <summary>What a recipe does, in words short enough for a line of a list.</summary>
/// <param name="Student">The network that is trained, such as <c>gfl resnet-50</c>.</param>
/// <param name="Teacher">The network that teaches; empty without one.</param>
/// <param name="Terms">What is taught, where, and how strongly.</param>
/// <param name="Schedule">Epochs, images a step, the learning rate and the epochs after which it falls.</param>
public sealed record RecipeSummary(string Student, string Teacher, string Terms, string Schedule)
{
    /// <summary>Sums up a recipe.</summary>
    public static RecipeSummary Of(Recipe recipe) => new(
        Network(recipe.Model),
        recipe.Teacher is { } teacher ? teacher.Model is { } network ? Network(network) : $"the network in {teacher.Weights}" : "",
        string.Join(", ", recipe.Distillation.Select(Term)),
        Duration(recipe));

    private static string Network(DetectorOptions model)
    {
        BackboneOptions backbone = model.Backbone;
        string deformable = backbone.Deformable is null ? "" : "-dcn";
        string width = backbone.Width == 1 ? "" : Invariant($" x{backbone.Width}");
        string focal = model.Losses is GflOptions { Distribution.Weight: 0 } ? " without DFL" : "";
        return Invariant($"{model.Name} {OptionKinds.NameOf(backbone)}-{backbone.Depth}{deformable}{width}{focal}");
    }

    private static string Duration(Recipe recipe)
    {
        string rate = LearningRateRule.For(recipe).LearningRate.ToString("g4", CultureInfo.InvariantCulture);
        string steps = recipe.Schedule.Steps.Count == 0 ? "" : $" (less after {string.Join(", ", recipe.Schedule.Steps)})";
        string scales = recipe.Input.Mode == ScaleMode.Single ? "" : ", many scales";
        return $"{Quantity.Of(recipe.Schedule.Epochs, "epochs")} of {recipe.Loader.BatchSize} at {rate}{steps}{scales}";
    }

    private static string Term(DistillationTerm term)
    {
        string what = term.Knowledge switch
        {
            Knowledge.Localization => "LD",
            Knowledge.Classification => "KD",
            _ => OptionNames.Value(term.Knowledge),
        };
        string where = term.Region switch
        {
            Region.ValuableLocalization => term.Gamma == 0.25 ? "VLR" : Invariant($"VLR of {term.Gamma}"),
            _ => OptionNames.Value(term.Region),
        };
        string how = term.Divergence switch
        {
            Divergence.Kl => Invariant($", T {term.Temperature}"),
            Divergence.L2 => ", l2",
            Divergence.TeacherBoundedRegression => Invariant($", margin {term.Margin}"),
            _ => "",
        };
        return Invariant($"{what} {where} ({term.Weight}{how})");
    }
}
