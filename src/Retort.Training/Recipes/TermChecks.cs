using Retort.Distillation;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks that the options of each distillation term go together, and that none of them is without effect.</summary>
internal static class TermChecks
{
    private static readonly DistillationTermOptions s_defaults = new();

    /// <summary>Checks all terms of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(Recipe recipe, Action<bool, string, string> require)
    {
        for (int k = 0; k < recipe.Distillation.Count; k++)
        {
            CheckBoxes(recipe.Distillation[k], $"distillation.{k}", require);
            CheckEffects(recipe.Distillation[k], $"distillation.{k}", require);
        }

        require(
            recipe.Adaptation.Type == AdaptationKind.None || recipe.Distillation.Any(t => t.Knowledge == Knowledge.Feature),
            "adaptation",
            "'adaptation' adapts the student's features, but no term of 'distillation' has knowledge feature; add one or leave it out");
    }

    private static void CheckBoxes(DistillationTermOptions term, string key, Action<bool, string, string> require)
    {
        bool bounded = term.Divergence == Divergence.TeacherBoundedRegression;
        require(
            bounded == (term.Knowledge == Knowledge.Boxes),
            key,
            $"'{key}' has knowledge {Names.Value(term.Knowledge)} and divergence {Names.Value(term.Divergence)}; boxes are taught by teacher-bounded-regression, and by nothing else");
        require(
            !bounded || term.Region == Region.Main,
            key,
            $"'{key}' teaches boxes in the region {Names.Value(term.Region)}; only the positives, region main, have an object's box to compare with");
    }

    // What a term does not look at may only stand there with its default, as in a recipe that is written out.
    private static void CheckEffects(DistillationTermOptions term, string key, Action<bool, string, string> require)
    {
        foreach ((string option, bool changed, bool used, string purpose) in Conditional(term))
        {
            require(
                used || !changed,
                $"{key}.{option}",
                $"'{key}.{option}' is for {purpose}, and this term has knowledge {Names.Value(term.Knowledge)}, region {Names.Value(term.Region)} and "
                + $"divergence {Names.Value(term.Divergence)}; leave it out, or change the term");
        }
    }

    private static IEnumerable<(string Option, bool Changed, bool Used, string Purpose)> Conditional(DistillationTermOptions term)
    {
        bool valuable = term.Region == Region.ValuableLocalization, softmax = term.Divergence == Divergence.Kl;
        const string Valuable = "the region valuable-localization", Softmax = "the divergence kl";
        yield return ("gamma", term.Gamma != s_defaults.Gamma, valuable, Valuable);
        yield return ("overlap", term.Overlap != s_defaults.Overlap, valuable, Valuable);
        yield return ("threshold", term.Threshold != s_defaults.Threshold, valuable, Valuable);
        yield return ("excludePositives", term.ExcludePositives != s_defaults.ExcludePositives, valuable, Valuable);
        yield return ("instances", term.Instances != s_defaults.Instances, term.Region == Region.GeneralInstances, "the region general-instances");
        yield return ("temperature", term.Temperature != s_defaults.Temperature, softmax, Softmax);
        yield return ("bins", term.Bins != s_defaults.Bins, softmax, Softmax);
        yield return ("edges", term.Edges != s_defaults.Edges, softmax && term.Knowledge == Knowledge.Localization, "the divergence kl of localization");
        yield return ("margin", term.Margin != s_defaults.Margin, term.Divergence == Divergence.TeacherBoundedRegression, "the divergence teacher-bounded-regression");
    }
}
