using Retort.Distillation;
using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>Checks that the options of each distillation term go together, and which of them are without effect.</summary>
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
        }

        require(
            recipe.Adaptation.Type == AdaptationKind.None || recipe.Distillation.Any(t => t.Knowledge == Knowledge.Feature),
            "adaptation",
            "'adaptation' adapts the student's features, but no term of 'distillation' has knowledge feature; add one or leave it out");
    }

    /// <summary>Checks that a term has no option of another kind of term.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="require">As above.</param>
    public static void CheckEffects(IReadOnlyList<DistillationTermOptions> terms, Action<bool, string, string> require)
    {
        foreach ((int k, DistillationTermOptions term) in terms.Index())
        {
            string chosen = $"this term has knowledge {Names.Value(term.Knowledge)}, region {Names.Value(term.Region)} and divergence {Names.Value(term.Divergence)}";
            OptionUse.Check(Conditional(term), $"distillation.{k}", chosen, require);
        }
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

    private static IEnumerable<OptionUse> Conditional(DistillationTermOptions term)
    {
        bool valuable = term.Region == Region.ValuableLocalization, softmax = term.Divergence == Divergence.Kl;
        const string Valuable = "the region valuable-localization", Softmax = "the divergence kl";
        yield return new OptionUse("gamma", term.Gamma != s_defaults.Gamma, valuable, Valuable);
        yield return new OptionUse("overlap", term.Overlap != s_defaults.Overlap, valuable, Valuable);
        yield return new OptionUse("threshold", term.Threshold != s_defaults.Threshold, valuable, Valuable);
        yield return new OptionUse("excludePositives", term.ExcludePositives != s_defaults.ExcludePositives, valuable, Valuable);
        yield return new OptionUse("instances", term.Instances != s_defaults.Instances, term.Region == Region.GeneralInstances, "the region general-instances");
        yield return new OptionUse("temperature", term.Temperature != s_defaults.Temperature, softmax, Softmax);
        yield return new OptionUse("bins", term.Bins != s_defaults.Bins, softmax, Softmax);
        yield return new OptionUse("edges", term.Edges != s_defaults.Edges, softmax && term.Knowledge == Knowledge.Localization, "the divergence kl of localization");
        yield return new OptionUse("margin", term.Margin != s_defaults.Margin, term.Divergence == Divergence.TeacherBoundedRegression, "the divergence teacher-bounded-regression");
    }
}
