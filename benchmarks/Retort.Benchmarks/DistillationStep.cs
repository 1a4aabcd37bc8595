using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Optimizers;

namespace Retort.Benchmarks;

/// <summary>What a measured step of localization distillation works on.</summary>
/// <param name="Detector">The name of the detector's base recipe.</param>
/// <param name="Student">Layers of the student's backbone.</param>
/// <param name="Teacher">Layers of the teacher's backbone.</param>
/// <param name="Height">Height of the input, pixels.</param>
/// <param name="Width">Width of the input, pixels.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Device">Where it computes.</param>
internal sealed record StepSize(string Detector, int Student, int Teacher, int Height, int Width, int Batch, Device Device)
{
    /// <summary>For a row's name.</summary>
    public override string ToString() => $"{Detector} R-{Teacher} to R-{Student}, batch {Batch}, {Height}x{Width}";
}

/// <summary>Student, teacher and a batch of random images, ready for training steps.</summary>
internal sealed class DistillationStep : IDisposable
{
    private const int ObjectsPerImage = 6;

    private readonly DenseDetector _student;
    private readonly DenseDetector _teacher;
    private readonly CompiledDetector _compiled;
    private readonly Sgd _optimizer;
    private readonly Distiller _distiller;
    private readonly Tensor _images;
    private readonly ImageTargets[] _targets;
    private readonly Device _device;

    public DistillationStep(StepSize size)
    {
        using var scope = new TensorScope();
        _device = size.Device;
        _student = BenchmarkDetectors.Build(size.Detector, size.Student);
        _teacher = BenchmarkDetectors.Build(size.Detector, size.Teacher);
        _student.To(_device);
        _teacher.To(_device);
        _teacher.Evaluate();
        _compiled = new CompiledDetector(_teacher);
        _optimizer = new Sgd(_student.NamedParameters().Select(p => p.Tensor).Where(p => p.RequiresGrad), 1e-3, 0.9, 1e-4);
        _distiller = new Distiller(
        [
            new DistillationTerm(),
            new DistillationTerm { Region = Region.ValuableLocalization, Weighting = PriorWeighting.Region },
            new DistillationTerm { Knowledge = Knowledge.Classification, Temperature = 2, Weight = 10, Weighting = PriorWeighting.One },
        ]);
        _images = Tensor.RandomNormal([size.Batch, 3, size.Height, size.Width]).To(_device).Detached();
        _targets = [.. Enumerable.Range(0, size.Batch).Select(k => BenchmarkTargets.Draw(k, size.Height, size.Width, ObjectsPerImage))];
    }

    /// <summary>One step. Its tensors belong to the current scope.</summary>
    /// <param name="ended">Called with the name of each phase when its work has been queued.</param>
    public void Run(Action<string>? ended = null)
    {
        DenseOutput taught;
        using (new NoGradScope())
        {
            taught = _compiled.Forward(_images);
        }

        ended?.Invoke("teacher");
        DenseOutput output = _student.Forward(_images);
        ended?.Invoke("student");
        BatchAssignment assignment = _student.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], _targets, _device);
        ended?.Invoke("assignment");
        LossTerm[] terms = [.. _student.Losses(output, assignment), .. _distiller.Compute(output, taught, assignment)];
        Tensor total = terms.Select(term => term.Value).Aggregate((a, b) => a + b);
        ended?.Invoke("losses");
        _optimizer.ZeroGrad();
        total.Backward();
        ended?.Invoke("backward");
        _optimizer.Step();
        ended?.Invoke("update");
    }

    public void Dispose()
    {
        _images.Dispose();
        _distiller.Dispose();
        _optimizer.Dispose();
        _compiled.Dispose();
        _teacher.Dispose();
        _student.Dispose();
    }
}
