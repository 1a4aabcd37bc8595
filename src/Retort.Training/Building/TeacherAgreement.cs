using Retort.Core.Options;
using Retort.Detection.Detectors;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch.Checkpoints;

namespace Retort.Training.Building;

/// <summary>Compares what a recipe says about its teacher with what the teacher's file says about itself.</summary>
internal static class TeacherAgreement
{
    /// <summary>Refuses a teacher that would predict something else than it has learnt.</summary>
    /// <param name="recipe">The student's recipe, with a teacher.</param>
    /// <param name="file">The teacher's checkpoint. Of one that Retort did not write only the shapes of the weights can be checked,
    /// later.</param>
    /// <param name="classNames">The student's classes.</param>
    /// <exception cref="RecipeException">They disagree; the message names what differs.</exception>
    public static void Require(Recipe recipe, Checkpoint file, IReadOnlyList<string> classNames)
    {
        if (TrainedDetector.ReadClassNames(file) is { } taught && !taught.SequenceEqual(classNames))
        {
            throw new RecipeException(
                $"{file.Path}: the teacher knows {taught.Count} classes ({string.Join(", ", taught)}), the student is to learn "
                    + $"{classNames.Count} ({string.Join(", ", classNames)}); the two must have the same classes in the same order "
                    + "(data.classes)");
        }

        if (!TrainedDetector.HasRecipe(file))
        {
            return;
        }

        Recipe trained = TrainedDetector.ReadRecipe(file);
        RecipeChange[] differences = [.. RecipeChange.Between(trained, AsTaught(trained, recipe))
            .Where(change => IsDecisive(change, trained.Model))];
        if (differences.Length > 0)
        {
            throw new RecipeException(
                $"{file.Path}: the teacher was trained as another network, or on images prepared in another way, than 'teacher' says "
                    + $"({string.Join("; ", differences.Take(4))}); "
                + $"name the recipe that it was trained with, or change it here as it was changed there{Remedy(differences)}");
        }
    }

    private static Recipe AsTaught(Recipe trained, Recipe student) => trained with
    {
        Model = student.Teacher!.Model!,
        Input = trained.Input with { Mean = student.Input.Mean, Std = student.Input.Std, ColorOrder = student.Input.ColorOrder },
    };

    private static string Remedy(RecipeChange[] differences) =>
        differences.FirstOrDefault(change => change.Path.StartsWith("model.", StringComparison.Ordinal)) is { } change
            ? $", for instance by --set teacher.{change.Path}={change.Before}" : "";

    // Where boxes are not decoded from anchors, their sizes were of interest to the assigner of its training only.
    private static bool IsDecisive(RecipeChange change, DetectorOptions model) =>
        change.Effect == Effect.Network
            && (model.IsOfAnchors || !change.Path.StartsWith("model.priors.", StringComparison.Ordinal)
            || change.Path == "model.priors.type");
}
