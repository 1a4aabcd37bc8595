using Retort.Core;
using Retort.Core.Files;
using Retort.Detection.Dense;
using Retort.Detection.Detectors;
using Retort.Detection.Necks;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Runs;
using Retort.Training.Weights;

namespace Retort.Training.Building;

/// <summary>Makes the teacher of a recipe and the terms that the student learns from it.</summary>
public static class TeachingBuilder
{
    /// <summary>Loads the teacher, in evaluation mode and without gradients, and puts the distiller beside it.</summary>
    /// <param name="recipe">A recipe with a teacher.</param>
    /// <param name="student">The detector that learns.</param>
    /// <param name="classNames">The student's classes in order.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="store">Finds weights that have a name instead of a path.</param>
    /// <exception cref="RetortException">The teacher's weights are not there; the message says how to get them.</exception>
    /// <exception cref="RecipeException">The file is of a teacher with other classes than the student, or with another network or input
    /// than the recipe says.</exception>
    /// <exception cref="CheckpointException">The weights do not fit the teacher's network.</exception>
    public static TeachingPair Build(
        Recipe recipe, DenseDetector student, IReadOnlyList<string> classNames, Device device, WeightsStore store)
    {
        recipe = WithModel(recipe, store);
        TeacherOptions options = recipe.Teacher ?? throw new ArgumentException("the recipe has no teacher", nameof(recipe));
        string weights = store.Resolve(options.Weights);
        RequireWeights(weights, recipe.Output);
        using Checkpoint file = Checkpoint.Open(weights);
        TeacherAgreement.Require(recipe, file, classNames);
        DenseDetector teacher = DetectorBuilder.Build(options.Model!, classNames.Count);
        try
        {
            DetectorWeights.Load(teacher, TrainedDetector.ReadWeights(file), weights);
            teacher.To(device);
            teacher.Evaluate();
            teacher.SetRequiresGrad(false);
            return new TeachingPair(teacher, new CompiledDetector(teacher, WantsFeatures(recipe)),
                Distiller(recipe, student, teacher, device));
        }
        catch
        {
            teacher.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The recipe with the network of its teacher. Where neither the recipe nor one that it names says what that is, it is the one in the
    /// recipe inside the teacher's weights, which are opened for it.
    /// </summary>
    /// <param name="recipe">The recipe, with a teacher or without.</param>
    /// <param name="store">Finds weights that have a name instead of a path.</param>
    /// <exception cref="RetortException">The teacher's weights are not there; the message says how to get them.</exception>
    /// <exception cref="RecipeException">They carry no recipe, or student and teacher do not fit each other.</exception>
    public static Recipe WithModel(Recipe recipe, WeightsStore store)
    {
        if (recipe.Teacher is not { Model: null } teacher)
        {
            return recipe;
        }

        string weights = store.Resolve(teacher.Weights);
        RequireWeights(weights, recipe.Output);
        using Checkpoint file = Checkpoint.Open(weights);
        return TrainedDetector.HasRecipe(file)
            ? recipe.WithTeacherOf(TrainedDetector.ReadRecipe(file))
            : throw new RecipeException($"{weights}: 'teacher' needs 'recipe', the path of the recipe that the teacher was trained with, "
                + "or 'weights' that are a checkpoint of Retort, which carries it; this file does not");
    }

    /// <summary>Whether a recipe's terms look at the teacher's features.</summary>
    public static bool WantsFeatures(Recipe recipe) => recipe.Distillation.Any(term => term.Knowledge == Knowledge.Feature);

    /// <summary>The terms of a recipe, with their layers of adaptation, for a teacher that is there already.</summary>
    /// <exception cref="KnowledgeMismatchException">The student cannot learn these terms from the teacher.</exception>
    public static Distiller Distiller(Recipe recipe, DenseDetector student, DenseDetector teacher, Device device)
    {
        FeatureAdaptation? adaptation = WantsFeatures(recipe) ? Adaptation(recipe, student, teacher) : null;
        Compatibility.Check(DetectorOutputs.Of(student), DetectorOutputs.Of(teacher), recipe.Distillation, adapted: adaptation is not null);
        var distiller = new Distiller(recipe.Distillation, student.Coding, adaptation);
        distiller.To(device);
        return distiller;
    }

    private static void RequireWeights(string weights, string runs)
    {
        // A run's checkpoint lies in the folder of the recipe's name.
        string recipe = RelativePath.Below(runs, Path.GetDirectoryName(Path.GetFullPath(weights))!) is { } run ? " " + run : "";
        WeightsFile.Require(weights, "teacher.weights",
            $"train the teacher first with 'retort train{recipe}', or name a file with --set teacher.weights=...");
    }

    private static FeatureAdaptation? Adaptation(Recipe recipe, DenseDetector student, DenseDetector teacher)
    {
        FeatureAdaptation Layers(int kernel) =>
            new([.. student.Neck.Maps.Select(map => map.Channels)], [.. teacher.Neck.Maps.Select(map => map.Channels)], kernel,
                recipe.Adaptation.Shared);
        return recipe.Adaptation.Type switch
        {
            AdaptationKind.None => null,
            AdaptationKind.Conv1x1 => Layers(kernel: 1),
            AdaptationKind.Conv3x3 => Layers(kernel: 3),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Adaptation.Type, "unknown adaptation"),
        };
    }
}
