using Retort.Detection.Detectors;
using System.Globalization;
using Retort.Torch;
using Retort.Torch.Checkpoints;
using Retort.Torch.Modules;
using Retort.Training.Building;
using Retort.Recipes;
using Retort.Training.Running;
using Retort.Vision.Loading;
using Retort.Vision.Synthesis;

namespace Retort.Benchmarks;

/// <summary>The resident size of a distillation on drawn pictures after 100 and after 500 steps: it must not grow.</summary>
internal static class ResidentMemoryBenchmark
{
    public const string Name = "resident-memory";

    private const int Early = 100;
    private const int Late = 500;

    public static IEnumerable<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("retort-memory-").FullName;
        try
        {
            Runtime.Threads = PairedRuns.Threads;
            using TrainingSetup setup = TrainingSetup.Build(Prepare(folder));
            (double early, double late) = Measure(setup);
            yield return new BenchmarkRow(
                $"{Name} of a small distillation, step {Late} against step {Early}", Mebibytes(late), Mebibytes(early), (late / early)
                    .ToString("0.000", CultureInfo.InvariantCulture), "1.02");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static (double Early, double Late) Measure(TrainingSetup setup)
    {
        (double early, int step) = (0, 0);
        setup.Detector.Train();
        for (int epoch = 0; ; epoch++)
        {
            foreach (ImageBatch batch in setup.TrainingLoader.Epoch(epoch))
            {
                using (batch)
                {
                    setup.Step.Run(batch, 1e-3);
                }

                step++;
                early = step == Early ? ResidentMebibytes() : early;
                if (step == Late)
                {
                    return (early, ResidentMebibytes());
                }
            }
        }
    }

    private static Recipe Prepare(string folder)
    {
        SyntheticDataset.Generate(new SyntheticOptions { TrainImages = 64, ValidationImages = 1 }, Path.Combine(folder, "data"));
        string weights = Path.Combine(folder, "teacher.pth");
        Recipe recipe = Recipe.Load(
            Path.Combine(Checkout.Folder, "recipes", "demo", "student_ld.yaml"),
                [$"data.root={Path.Combine(folder, "data")}", $"teacher.weights={weights}"]);
        using var teacher = DetectorBuilder.Build(recipe.Teacher!.Model!, SyntheticDataset.ClassNames.Count);
        TorchFile.Write(weights, new CheckpointDictionary { ["state_dict"] = new StateDict(teacher.SaveState()).ToValue() });
        return recipe;
    }

    private static double ResidentMebibytes()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static string Mebibytes(double value) => value.ToString("0.0", CultureInfo.InvariantCulture) + " MiB";
}
