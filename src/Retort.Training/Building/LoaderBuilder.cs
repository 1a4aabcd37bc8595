using Retort.Training.Recipes;
using Retort.Vision.Data;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Training.Building;

/// <summary>Makes the loaders of a recipe.</summary>
public static class LoaderBuilder
{
    /// <summary>Batches to train on.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Told of images that are left out because they cannot be read.</param>
    public static DataLoader Training(Recipe recipe, IDetectionDataset data, Action<string>? warn = null)
    {
        InputOptions input = recipe.Input;
        var pipeline = new PipelineOptions
        {
            Rescale = new RescaleOptions { Scales = [.. input.Scales.Select(ToScale)], Mode = ToMode(input.Mode) },
            Flip = new FlipOptions
            {
                Horizontal = input.FlipProbability,
                Vertical = input.FlipVerticalProbability,
                Diagonal = input.FlipDiagonalProbability,
                RotatedCentres = input.RotatedCentres,
            },
            Rotation = new RotationOptions { Probability = input.RotationProbability, MaximumDegrees = input.RotationDegrees },
            Angles = recipe.Data.Angles,
            Normalize = ToNormalize(input),
            SizeDivisor = input.PadDivisor,
        };
        return new DataLoader(data, pipeline, ToLoader(recipe, recipe.Loader.BatchSize)) { Warning = warn };
    }

    /// <summary>Every image once, at the size to measure at.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Told of images that are left out because they cannot be read.</param>
    public static DataLoader Evaluation(Recipe recipe, IDetectionDataset data, Action<string>? warn = null) =>
        DataLoader.ForEvaluation(data, EvaluationPipeline(recipe.Input), ToLoader(recipe, recipe.Loader.EvaluationBatchSize), warn);

    /// <summary>Every image once and by itself, at the size to measure at, with objects as an assigner takes them: to look at what training would make of them.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="data">The images.</param>
    /// <param name="warn">Told of images that are left out because they cannot be read.</param>
    public static DataLoader Looking(Recipe recipe, IDetectionDataset data, Action<string>? warn = null) =>
        DataLoader.ForEvaluation(data, EvaluationPipeline(recipe.Input) with { Angles = recipe.Data.Angles }, ToLoader(recipe, batchSize: 1), warn);

    /// <summary>What happens to an image that is measured or predicted on.</summary>
    public static PipelineOptions EvaluationPipeline(InputOptions input) => new()
    {
        Rescale = new RescaleOptions { Scales = [ToScale(input.EffectiveEvaluationScale)] },
        Flip = FlipOptions.None,
        Normalize = ToNormalize(input),
        SizeDivisor = input.PadDivisor,
    };

    private static DataLoaderOptions ToLoader(Recipe recipe, int batchSize) => new()
    {
        BatchSize = batchSize,
        GroupByAspectRatio = recipe.Loader.AspectGrouping,
        SkipImagesWithoutObjects = recipe.Loader.FilterEmpty,
        Workers = recipe.Loader.Workers > 0 ? recipe.Loader.Workers : Environment.ProcessorCount,
        Prefetch = recipe.Loader.Prefetch,
        Unreadable = recipe.Loader.Unreadable,
        Seed = recipe.Seed,
    };

    private static ImageScale ToScale(ImageSize size) => new(Math.Max(size.Width, size.Height), Math.Min(size.Width, size.Height));

    private static RescaleMode ToMode(ScaleMode mode) => mode switch
    {
        ScaleMode.Single or ScaleMode.Values => RescaleMode.Value,
        ScaleMode.Range => RescaleMode.Range,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown mode"),
    };

    private static NormalizeOptions ToNormalize(InputOptions input) => new()
    {
        Mean = input.Mean,
        Std = input.Std,
        ToRgb = input.ColorOrder == ColorOrder.Rgb,
    };
}
