using Retort.Training.Recipes.Reading;

namespace Retort.Training.Recipes;

/// <summary>
/// Checks that no option is for another choice than the one that was made: it would be without effect, and whoever wrote it expects one. What is only switched off
/// (a probability of 0, an average that is not kept) may keep its settings.
/// </summary>
internal static class RecipeEffectChecks
{
    private static readonly InputOptions s_input = new();
    private static readonly OptimizerOptions s_optimizer = new();

    /// <summary>Checks a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="require">Told of every condition: whether it holds, the key, and what to say if not.</param>
    public static void Check(Recipe recipe, Action<bool, string, string> require)
    {
        TermChecks.CheckEffects(recipe.Distillation, require);
        ModelEffectChecks.Check(recipe.Model, "model", require);
        OptionUse.Check(OfRotatedBoxes(recipe), "", $"'model.detector' is {Names.Value(recipe.Model.Detector)}", require);
        OptionUse.Check(Optimizer(recipe.Optimizer), "optimizer", $"'optimizer.type' is {Names.Value(recipe.Optimizer.Type)}", require);
    }

    private static IEnumerable<OptionUse> OfRotatedBoxes(Recipe recipe)
    {
        bool rotated = recipe.Model.IsRotated;
        yield return new OptionUse("data.angles", recipe.Data.Angles != default, rotated, "rotated boxes");
        yield return new OptionUse("input.rotatedCentres", recipe.Input.RotatedCentres != s_input.RotatedCentres, rotated, "rotated boxes");
    }

    private static IEnumerable<OptionUse> Optimizer(OptimizerOptions given)
    {
        yield return new OptionUse("momentum", given.Momentum != s_optimizer.Momentum, given.Type == OptimizerKind.Sgd, "the type sgd");
        yield return new OptionUse("betas", !given.Betas.SequenceEqual(s_optimizer.Betas), given.Type == OptimizerKind.Adamw, "the type adamw");
    }
}
