using Retort.Core.Options;
using Retort.Core;
using Retort.Recipes;

namespace Retort.Cli.Prediction;

/// <summary>
/// What <c>--set</c> can change of a trained detector. The recipe in its checkpoint has all options, but those of training are history: to
/// change one has no effect, and who does expects one. Those that others must go with (data.train with data.format, input.mode with
/// input.scales) are left.
/// </summary>
internal static class DetectorOverrides
{
    private const string ClassNames = "data.classes";

    /// <summary>Refuses what would have no effect.</summary>
    /// <param name="overrides">Texts <c>key.path=value</c> as given to <c>--set</c>.</param>
    /// <param name="measuring">Whether the detector is measured on data of its recipe.</param>
    /// <exception cref="RetortException">One would have none; the message says why.</exception>
    public static void RequireEffect(IEnumerable<string> overrides, bool measuring)
    {
        foreach (string given in overrides)
        {
            string key = given.Split('=')[0].Trim();
            IReadOnlyList<Effect> effects = OptionEffects.Of(key);
            bool affects = effects.Any(effect => effect is not (Effect.Training or Effect.Output));
            if (key == ClassNames || key.StartsWith(ClassNames + ".", StringComparison.Ordinal))
            {
                throw new RetortException($"--set {given}: a trained detector's classes are those that it was trained with; 'retort "
                    + "checkpoint show' lists them, and data to measure with must have the same names");
            }

            if (effects.Count > 0 && !affects)
            {
                throw new RetortException(
                    $"--set {given}: '{key}' decides how a detector is trained, and this one is trained already; omit it");
            }

            if (!measuring && effects.Contains(Effect.Evaluation) && effects.All(effect => effect <= Effect.Evaluation))
            {
                throw new RetortException(
                    $"--set {given}: '{key}' is for measuring ('retort eval'), and nothing is measured here; omit it");
            }
        }
    }
}
