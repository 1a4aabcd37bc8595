using Retort.Detection.Dense;
using Retort.Distillation;

namespace Retort.Training.Building;

/// <summary>The teacher and what is taken from it. Stands beside the student, which has no part of it.</summary>
/// <param name="Teacher">In evaluation mode, without gradients.</param>
/// <param name="Compiled">The teacher in the form that predicts fastest.</param>
/// <param name="Distiller">The terms of the recipe; its parameters, where it has any, are trained with the student's.</param>
public sealed record TeachingPair(DenseDetector Teacher, CompiledDetector Compiled, Distiller Distiller) : IDisposable
{
    /// <summary>Frees the teacher and the distiller.</summary>
    public void Dispose()
    {
        Distiller.Dispose();
        Compiled.Dispose();
        Teacher.Dispose();
    }
}
