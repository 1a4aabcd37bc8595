using Retort.Core.Geometry;
using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;

namespace Retort.Samples.Extending;

/// <summary>A student of the new detector learns one batch, and from a teacher in the new region.</summary>
public static class Lesson
{
    // What is taught, and where: the box edges, in the middle of the objects.
    private static readonly DistillationTerm s_term = new()
    {
        Knowledge = Knowledge.Localization,
        OwnRegion = new RegionFunction("middle_third", MiddleThird.Select),
        Weighting = PriorWeighting.One,
        Normalisation = Normalisation.PerPositive,
        Weight = 0.1,
    };

    /// <summary>Trains some steps and returns the objective of each.</summary>
    public static IReadOnlyList<double> Run(int steps)
    {
        using var scope = new TensorScope();
        using DenseDetector student = EvenDetector.Build(classes: 2), teacher = EvenDetector.Build(classes: 2, width: 32);
        teacher.Evaluate();
        using var distiller = new Distiller([s_term], student.Coding);
        using var optimizer = new Sgd(student.NamedParameters().Select(p => p.Tensor).Where(t => t.RequiresGrad), learningRate: 0.02,
            momentum: 0.9);
        Tensor images = Tensor.RandomNormal([2, 3, 64, 64]);
        ImageTargets[] targets = [new(64, 64, 64, 64, Boxes.Upright(4, 4, 44, 40), [0]),
            new(64, 64, 64, 64, Boxes.Upright(20, 10, 60, 62), [1])];
        return [.. Enumerable.Range(0, steps).Select(_ => Step(student, teacher, distiller, optimizer, images, targets))];
    }

    private static double Step(DenseDetector student, DenseDetector teacher, Distiller distiller, Sgd optimizer, Tensor images,
        ImageTargets[] targets)
    {
        using var scope = new TensorScope();
        DenseOutput taught = Teach(teacher, images), output = student.Forward(images);
        BatchAssignment assignment = student.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets, Device.Cpu);
        LossTerm[] terms = [.. student.Losses(output, assignment), .. distiller.Compute(output, taught, assignment)];
        Tensor total = terms.Select(term => term.Value).Aggregate((a, b) => a + b);
        optimizer.ZeroGrad();
        total.Backward();
        optimizer.Step();
        return total.Item();
    }

    private static DenseOutput Teach(DenseDetector teacher, Tensor images)
    {
        using var noGrad = new NoGradScope();
        return teacher.Forward(images);
    }
}
