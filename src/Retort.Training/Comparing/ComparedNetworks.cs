using Retort.Detection.Dense;
using Retort.Detection.Heads;
using Retort.Torch;
using Retort.Training.Building;

namespace Retort.Training.Comparing;

/// <summary>A teacher and its students in the form in which they predict fastest, with their features.</summary>
internal sealed class ComparedNetworks : IDisposable
{
    private readonly CompiledDetector _teacher;
    private readonly CompiledDetector[] _students;

    /// <summary>Makes it; the detectors stay the caller's.</summary>
    /// <exception cref="InvalidDataException">The classes differ.</exception>
    public ComparedNetworks(TrainedDetector teacher, IReadOnlyList<TrainedDetector> students)
    {
        if (students.FirstOrDefault(s => !s.ClassNames.SequenceEqual(teacher.ClassNames)) is { } other)
        {
            throw new InvalidDataException(
                $"the teacher knows {teacher.ClassNames.Count} classes ({string.Join(", ", teacher.ClassNames)}) and {other.Recipe.Name} {other.ClassNames.Count} ({string.Join(", ", other.ClassNames)}); only detectors of the same classes can be compared");
        }

        Distributions = (teacher.Recipe.Model.IsRotated ? RotatedBoxDecoder.Edges : 4) * teacher.Recipe.Model.Priors.PerCell;
        _teacher = new CompiledDetector(teacher.Detector, withFeatures: true);
        _students = [.. students.Select(s => new CompiledDetector(s.Detector, withFeatures: true))];
    }

    /// <summary>Distributions in a cell's box logits.</summary>
    public int Distributions { get; }

    /// <summary>All predictions for normalised images [N, 3, H, W].</summary>
    public (DenseOutput Teacher, IReadOnlyList<DenseOutput> Students) Forward(Tensor images) =>
        (_teacher.Forward(images), [.. _students.Select(s => s.Forward(images))]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _teacher.Dispose();
        Array.ForEach(_students, s => s.Dispose());
    }
}
