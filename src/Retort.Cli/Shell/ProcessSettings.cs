using Retort.Core.Progress;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch;
using Retort.Training.Building;
using Retort.Training.Weights;

namespace Retort.Cli.Shell;

/// <summary>
/// What the process and its environment decide: where published weights are kept, and how many threads compute. Libraries ask neither.
/// </summary>
internal static class ProcessSettings
{
    /// <summary>
    /// The store of published weights: <c>RETORT_WEIGHTS</c>, or <c>retort/weights</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>.
    /// <c>RETORT_OFFLINE=1</c> forbids downloads.
    /// </summary>
    /// <param name="progress">Shows how far a download is.</param>
    public static WeightsStore Weights(IProgressReporter progress) =>
        new(WeightsFolder(), progress) { MayDownload = Variable("RETORT_OFFLINE") is null or "0" };

    /// <summary>Computes with as many threads as a recipe says. libtorch of Debian starts with one.</summary>
    public static void UseThreads(Recipe recipe) => Runtime.Threads = recipe.Threads > 0 ? recipe.Threads : Environment.ProcessorCount;

    /// <summary>Opens a trained detector and computes with as many threads as its recipe says.</summary>
    /// <param name="path">A run's or a published checkpoint.</param>
    /// <param name="overrides">Texts <c>key.path=value</c> that change its recipe.</param>
    public static TrainedDetector Open(string path, IEnumerable<string>? overrides = null)
    {
        TrainedDetector trained = TrainedDetector.Open(path, overrides);
        UseThreads(trained.Recipe);
        return trained;
    }

    private static string WeightsFolder()
    {
        string caches = Variable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Variable("RETORT_WEIGHTS") ?? Path.Combine(caches, "retort", "weights");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
