using Retort.Core;
using Retort.Core.Options;
using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Distillation;
using Retort.Prediction;
using Retort.Recipes;
using Retort.Torch;
using Retort.Training.Building;

namespace Retort.Training.Comparing;

/// <summary>A teacher and its students in the form in which they predict fastest, with their features.</summary>
internal sealed class ComparedNetworks : IDisposable
{
    private readonly CompiledDetector _teacher;
    private readonly CompiledDetector[] _students;

    /// <summary>Makes it; the detectors stay the caller's.</summary>
    /// <exception cref="RetortException">A student differs in classes, in the preparation of images, or in what boxes are decoded
    /// from.</exception>
    public ComparedNetworks(TrainedDetector teacher, IReadOnlyList<TrainedDetector> students)
    {
        foreach (TrainedDetector student in students)
        {
            RequireLikeness(teacher, student);
            Compatibility.Check(DetectorOutputs.Of(student.Detector), DetectorOutputs.Of(teacher.Detector), []);
        }

        Distributions = DetectorOutputs.Of(teacher.Detector).EdgesPerCell;
        _teacher = new CompiledDetector(teacher.Detector, withFeatures: true);
        _students = [.. students.Select(s => new CompiledDetector(s.Detector, withFeatures: true))];
    }

    /// <summary>Distributions in a cell's box logits.</summary>
    public int Distributions { get; }

    /// <summary>All predictions for normalised images [N, 3, H, W].</summary>
    public (DenseOutput Teacher, IReadOnlyList<DenseOutput> Students) Forward(Tensor images) =>
        (_teacher.Forward(images), [.. _students.Select(s => s.Forward(images))]);

    // As in training: all of them see the teacher's images.
    private static void RequireLikeness(TrainedDetector teacher, TrainedDetector student)
    {
        (Recipe taught, Recipe learnt) = (teacher.Recipe, student.Recipe);
        Require(
            student.ClassNames.SequenceEqual(teacher.ClassNames),
            $"the teacher knows {teacher.ClassNames.Count} classes ({string.Join(", ", teacher.ClassNames)}) and {learnt.Name} "
                + $"{student.ClassNames.Count} ({string.Join(", ", student.ClassNames)}); only detectors of the same classes can be "
                + "compared");
        Require(
            learnt.Input.PreparesAs(taught.Input),
            $"{learnt.Name} was trained with another 'input.mean', 'input.std' or 'input.colorOrder' than the teacher; only detectors "
                + "that see the same input can be compared");
        TeachingChecks.CheckPlaces(learnt.Model, taught.Model, new OptionProblems(
            (_, message) => throw new RecipeException($"{learnt.Name}: {message}")));
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new RetortException(message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher.Dispose();
        Array.ForEach(_students, s => s.Dispose());
    }
}
