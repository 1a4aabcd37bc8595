using Retort.Core;

namespace Retort.Cli.Prediction;

/// <summary>
/// What <c>--set</c> can change of a trained detector. The recipe in its checkpoint has all options, but those of training are history: to change one has no
/// effect, and who does expects one. Those that others must go with (data.train with data.format, input.mode with input.scales) are left.
/// </summary>
internal static class DetectorOverrides
{
    private static readonly string[] s_ofTraining =
    [
        "schedule", "optimizer", "teacher", "distillation", "adaptation", "ema", "log", "output", "seed", "evaluation.interval", "evaluation.metric",
        "loader.batchSize", "loader.aspectGrouping", "loader.filterEmpty", "input.flipProbability", "input.flipVerticalProbability",
        "input.flipDiagonalProbability", "input.rotatedCentres", "input.rotationProbability", "input.rotationDegrees", "model.weights", "model.backbone.weights",
        "model.backbone.frozenStages", "model.backbone.normMode", "model.backbone.zeroInitialResidual", "model.losses", "model.assigner",
    ];

    private static readonly string[] s_ofMeasuring = ["data", "evaluation"];

    /// <summary>Refuses what would have no effect.</summary>
    /// <param name="overrides">Texts <c>key.path=value</c> as given to <c>--set</c>.</param>
    /// <param name="measuring">Whether the detector is measured on data of its recipe.</param>
    /// <exception cref="RetortException">One would have none; the message says why.</exception>
    public static void RequireEffect(IEnumerable<string> overrides, bool measuring)
    {
        foreach (string given in overrides)
        {
            string key = given.Split('=')[0].Trim();
            if (Covers("data.classes", key))
            {
                throw new RetortException($"--set {given}: a trained detector's classes are those that it was trained with; 'retort checkpoint show' lists them, and data to measure with must have the same names");
            }

            if (s_ofTraining.Any(option => Covers(option, key)))
            {
                throw new RetortException($"--set {given}: '{key}' decides how a detector is trained, and this one is trained already; leave it away");
            }

            if (!measuring && s_ofMeasuring.Any(option => Covers(option, key)))
            {
                throw new RetortException($"--set {given}: '{key}' is for measuring ('retort eval'), and nothing is measured here; leave it away");
            }
        }
    }

    private static bool Covers(string option, string key) => key == option || key.StartsWith(option + ".", StringComparison.Ordinal);
}
