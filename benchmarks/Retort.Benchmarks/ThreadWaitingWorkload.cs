using System.Diagnostics;
using System.Globalization;
using Retort.Detection.Detectors;
using Retort.Detection.Dense;
using Retort.Torch;
using Retort.Torch.Optimizers;
using Retort.Training.Building;
using Retort.Recipes;

namespace Retort.Benchmarks;

/// <summary>
/// What <see cref="ThreadWaitingBenchmark"/> measures in a process of its own: a small GFL, whose parallel regions are short.
/// </summary>
internal static class ThreadWaitingWorkload
{
    /// <summary>The argument that makes this program do nothing but this; the seconds of inference and of training follow.</summary>
    public const string Argument = "--thread-waiting-workload";

    private const int Height = 256;
    private const int Width = 320;
    private const int Classes = 80;
    private const int Batch = 2;
    private const int ObjectsPerImage = 6;

    /// <summary>Runs it and prints the seconds of each image and of each step.</summary>
    /// <param name="inferenceSeconds">How long images are looked at.</param>
    /// <param name="trainingSeconds">How long steps are made.</param>
    public static int Run(double inferenceSeconds, double trainingSeconds)
    {
        Runtime.Threads = Environment.ProcessorCount;
        using DenseDetector detector = Build();
        Console.Write(new ThreadWaitingSamples(Images(detector, inferenceSeconds), Steps(detector, trainingSeconds)).ToText());
        return 0;
    }

    // Half as wide as usual: ResNet-18, 96 channels.
    private static DenseDetector Build()
    {
        using var scope = new TensorScope();
        return DetectorBuilder.Build(Recipe.Load(Path.Combine(Checkout.Folder, "recipes", "demo", "teacher.yaml"), []).Model, Classes);
    }

    private static List<double> Images(DenseDetector detector, double seconds)
    {
        detector.Evaluate();
        using var compiled = new CompiledDetector(detector);
        using Tensor image = Tensor.RandomNormal([1, 3, Height, Width]);
        using var noGrad = new NoGradScope();
        return Repeat(() => compiled.Forward(image), seconds);
    }

    private static List<double> Steps(DenseDetector detector, double seconds)
    {
        detector.Train();
        using var optimizer = new Sgd(detector.NamedParameters().Select(p => p.Tensor).Where(p => p.RequiresGrad), 1e-3, 0.9, 1e-4);
        using Tensor images = Tensor.RandomNormal([Batch, 3, Height, Width]);
        ImageTargets[] targets = [.. Enumerable.Range(0, Batch).Select(k => BenchmarkTargets.Draw(k, Height, Width, ObjectsPerImage))];
        return Repeat(Step, seconds);

        void Step()
        {
            DenseOutput output = detector.Forward(images);
            BatchAssignment assignment = detector.Assigner.Assign([.. output.Levels.Select(l => (l.Height, l.Width))], targets, Device.Cpu);
            optimizer.ZeroGrad();
            detector.Criterion.Compute(output, assignment, detector.Coding).Select(term => term.Value).Aggregate((a, b) => a + b)
                .Backward();
            optimizer.Step();
        }
    }

    // The first runs compile and allocate, and do not count; on a busy machine the wrong setting makes each of them take seconds.
    private static List<double> Repeat(Action action, double seconds)
    {
        const int unmeasured = 3;
        var measured = new List<double>();
        long start = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(start).TotalSeconds;
        for (int run = 0; run < unmeasured && Elapsed() < seconds / 2; run++)
        {
            Timing.MedianSeconds(action, 1);
        }

        while (measured.Count == 0 || Elapsed() < seconds)
        {
            measured.Add(Timing.MedianSeconds(action, 1));
        }

        return measured;
    }
}

/// <summary>Seconds of each image and of each training step.</summary>
internal sealed record ThreadWaitingSamples(List<double> Inference, List<double> Training)
{
    /// <summary>Two lines of numbers.</summary>
    public string ToText() => $"{Line(Inference)}\n{Line(Training)}\n";

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static ThreadWaitingSamples Parse(string text)
    {
        string[] lines = text.Split('\n');
        return new ThreadWaitingSamples(Numbers(lines[0]), Numbers(lines[1]));
    }

    private static string Line(List<double> numbers) =>
        string.Join(' ', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));

    private static List<double> Numbers(string line) => [.. line.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
}
