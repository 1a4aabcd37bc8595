using Retort.Detection.Detectors;

namespace Retort.Recipes;

/// <summary>
/// The trained detector to learn from. In a recipe file <c>recipe: path</c> stands for <c>model</c>: the model of that recipe, relative to
/// the file.
/// </summary>
public sealed record TeacherOptions
{
    /// <summary>
    /// The teacher's network. If neither it nor a recipe is given, it is that of the recipe in the weights, which must then be a checkpoint
    /// of Retort.
    /// </summary>
    public DetectorOptions? Model { get; init; }

    /// <summary>The teacher's trained weights: a checkpoint of Retort or a .pth file.</summary>
    public required string Weights { get; init; }
}
