using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Modules;
using Retort.Torch.Optimizers;

namespace Retort.Samples.Extending;

/// <summary>A student of the new detector learns one batch, and from a teacher in the new region.</summary>
public static class Lesson
{
    /// <summary>Trains some steps and returns the objective of each.</summary>
    public static IReadOnlyList<double> Run(int steps)
    {
        using var scope = new TensorScope();
        using DenseDetector student = EvenDetector.Build(classes: 2), teacher = EvenDetector.Build(classes: 2, width: 32);
        teacher.Evaluate();
        using var optimizer = new Sgd(student.NamedParameters().Select(p => p.Tensor).Where(t => t.RequiresGrad), learningRate: 0.02, momentum: 0.9);
        Tensor images = Tensor.RandomNormal([2, 3, 64, 64]);
        ImageTargets[] targets = [new(64, 64, 64, 64, [4, 4, 44, 40], [0]), new(64, 64, 64, 64, [20, 10, 60, 62], [1])];
        return [.. Enumerable.Range(0, steps).Select(_ => Step(student, teacher, optimizer, images, targets))];
    }

    private static double Step(DenseDetector student, DenseDetector teacher, Sgd optimizer, Tensor images, ImageTargets[] targets)
    {
        using var scope = new TensorScope();
        DenseOutput taught = Teach(teacher, images), output = student.Forward(images);
        BatchAssignment assignment = student.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets, Device.Cpu);
        Tensor own = student.Criterion.Compute(output, assignment).Select(term => term.Value).Aggregate((a, b) => a + b);
        Tensor total = own + Localization(output, taught, MiddleThird.Select(assignment));
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

    private static Tensor Localization(DenseOutput student, DenseOutput teacher, PriorSelection region)
    {
        Tensor Edges(DenseOutput output) => region.Gather([.. output.Levels.Select(level => level.BoxLogits)]).Reshape(-1, 4, 9);
        return 0.1 * Divergences.KullbackLeibler(Edges(student), Edges(teacher), temperature: 10, BinReduction.Mean).Mean();
    }
}
