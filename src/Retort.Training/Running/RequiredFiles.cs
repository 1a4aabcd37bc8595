using Retort.Recipes;
using Retort.Training.Weights;
using Retort.Vision.Datasets;

namespace Retort.Training.Running;

/// <summary>
/// What a run reads, looked for before it is started. Only whether files and folders are there: what is in them is found out when they are
/// read.
/// </summary>
public static class RequiredFiles
{
    /// <summary>The files and folders that a recipe names and that are not there.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="withTeacher">Whether the teacher's weights must be there already.</param>
    public static IReadOnlyList<string> Missing(Recipe recipe, bool withTeacher = true) =>
        [.. MissingData(recipe.Data).Concat(Weights(recipe, withTeacher)
            .Where(path => !PublishedWeights.IsName(path) && !File.Exists(path))).Distinct()];

    private static IEnumerable<string> MissingData(DataOptions data) => data.Root.Length > 0 && !Directory.Exists(data.Root)
        ? [data.Root]
        : new[] { data.Train, data.Val }.OfType<DatasetOptions>().SelectMany(part => part.Sources)
            .SelectMany(source => Places(data, source)).Where(path => !Path.Exists(path));

    private static IEnumerable<string> Places(DataOptions data, DataSourceOptions source) => data.Format == DataFormat.Voc
        ? VocPlaces.Of(data.Locate(source), source.Split ?? "") is var places ? [places.Split, places.Images, places.Annotations] : []
        : new[] { source.Annotations, source.Images, source.Split }.OfType<string>().Select(path => data.Locate(source, path));

    private static IEnumerable<string> Weights(Recipe recipe, bool withTeacher) =>
        new[] { recipe.Model.Weights, recipe.Model.Backbone.Weights, withTeacher ? recipe.Teacher?.Weights : null }.OfType<string>();
}
