using System.Globalization;
using Retort.Core.Options;
using Retort.Distillation;

namespace Retort.Recipes;

/// <summary>Terms of the distillation in the words of a recipe.</summary>
public static class DistillationWords
{
    /// <summary>A term: what is taught, where, how the difference is measured, and how much it counts.</summary>
    /// <param name="term">The term.</param>
    public static string Describe(DistillationTerm term)
    {
        string temperature = term.Divergence == Divergence.Kl
            ? string.Create(CultureInfo.InvariantCulture, $", temperature {term.Temperature}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{OptionNames.Value(term.Knowledge)} x {OptionNames.Value(term.Region)} x "
            + $"{OptionNames.Value(term.Divergence)} (weight {term.Weight}{temperature})");
    }

    /// <summary>
    /// A warning where terms cannot teach anything, otherwise null: the softmax over a single class is 1 for teacher and student alike.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="classes">How many classes the data have.</param>
    internal static string? Warning(Recipe recipe, int classes)
    {
        bool zero = classes == 1 && !recipe.Model.Head.HasBackground
            && recipe.Distillation.Any(term => term is { Knowledge: Knowledge.Classification, Divergence: Divergence.Kl });
        return zero
            ? "warning: with a single class the distillation of classification by kl is always zero (a softmax over one class is 1); "
                + "remove the term, or give it the divergence mse"
            : null;
    }
}
