using Retort.Detection.Dense;
using Retort.Distillation;
using Retort.Torch;
using Retort.Torch.Optimizers;

namespace Retort.Benchmarks;

/// <summary>
/// Training steps of localization distillation (teacher R-50, student R-18) on the processor against plain eager PyTorch
/// (benchmarks/peer/ld_step.py), which is given the label assignment that ours computes.
/// </summary>
internal static class DistillationStepBenchmark
{
    public const string Name = "distillation-step";

    private const int ObjectsPerImage = 6;
    private const int Positives = 100;
    private const int ValuablePriors = 300;

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare("gfl", 320, 320, 2, 9);
        yield return Compare("gfl", 800, 1344, 1, 5);
    }

    /// <summary>One step of a student R-18 and a teacher R-50 of the same kind of detector.</summary>
    public static BenchmarkRow Compare(string detector, int height, int width, int batch, int turns)
    {
        using DenseDetector student = BenchmarkDetectors.Build(detector, 18), teacher = BenchmarkDetectors.Build(detector, 50);
        teacher.Evaluate();
        using var compiled = new CompiledDetector(teacher);
        using var optimizer = new Sgd(student.NamedParameters().Select(p => p.Tensor).Where(p => p.RequiresGrad), 1e-3, 0.9, 1e-4);
        var distiller = new Distiller(
        [
            new DistillationTerm(),
            new DistillationTerm { Region = Region.ValuableLocalization, Weighting = PriorWeighting.Region },
            new DistillationTerm { Knowledge = Knowledge.Classification, Temperature = 2, Weight = 10, Weighting = PriorWeighting.One },
        ]);
        using Tensor images = Tensor.RandomNormal([batch, 3, height, width]);
        ImageTargets[] targets = [.. Enumerable.Range(0, batch).Select(k => BenchmarkTargets.Draw(k, height, width, ObjectsPerImage))];
        Runtime.Threads = PairedRuns.Threads;
        using PythonPeer? peer = PythonPeer.Start("ld_step.py", "torch", detector, height, width, batch, Positives, ValuablePriors, PairedRuns.Threads);
        return new PairedRuns($"{Name} {detector} R-50 to R-18, batch {batch}, {height}x{width}", turns, "0.85").Compare(Step, peer);

        void Step()
        {
            DenseOutput taught;
            using (new NoGradScope())
            {
                taught = compiled.Forward(images);
            }

            DenseOutput output = student.Forward(images);
            BatchAssignment assignment = student.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets, Device.Cpu);
            LossTerm[] terms = [.. student.Losses(output, assignment), .. distiller.Compute(output, taught, assignment)];
            optimizer.ZeroGrad();
            terms.Select(term => term.Value).Aggregate((a, b) => a + b).Backward();
            optimizer.Step();
        }
    }
}
