using Retort.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Loading;

namespace Retort.Training.Building;

/// <summary>Makes the loaders of a recipe.</summary>
public static class LoaderBuilder
{
    /// <summary>Batches to train on.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Receives a line for every image that is left out because it cannot be read.</param>
    /// <param name="issues">Receives what is remarkable about images that are used.</param>
    public static DataLoader Training(
        Recipe recipe, IDetectionDataset data, Action<string>? warn = null, ImageIssueWarnings? issues = null) =>
        new(data, recipe.Input with { Angles = recipe.Data.Angles }, recipe.Loader with { Seed = recipe.Seed })
        {
            Warning = warn,
            Issues = issues
        };

    /// <summary>Every image once, at the size for evaluation.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Receives a line for every image that is left out because it cannot be read.</param>
    /// <param name="issues">Receives what is remarkable about images that are used.</param>
    public static DataLoader Evaluation(
        Recipe recipe, IDetectionDataset data, Action<string>? warn = null, ImageIssueWarnings? issues = null) =>
        DataLoader.ForEvaluation(data, recipe.Input, recipe.Loader with { Seed = recipe.Seed }, warn, issues);

    /// <summary>
    /// Every image once and by itself, at the size for evaluation, with objects as an assigner takes them: to inspect what training would
    /// make of them.
    /// </summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Receives a line for every image that is left out because it cannot be read.</param>
    /// <param name="issues">Receives what is remarkable about images that are used.</param>
    public static DataLoader SingleImages(
        Recipe recipe, IDetectionDataset data, Action<string>? warn = null, ImageIssueWarnings? issues = null) =>
        DataLoader.ForEvaluation(data, recipe.Input with { Angles = recipe.Data.Angles },
            recipe.Loader with { Seed = recipe.Seed, EvaluationBatchSize = 1 }, warn, issues);
}
