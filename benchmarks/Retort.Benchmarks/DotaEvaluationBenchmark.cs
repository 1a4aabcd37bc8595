using System.Diagnostics;
using System.Globalization;
using System.Text;
using Retort.Core.Geometry;
using Retort.Evaluation.Dota;
using Retort.Training.Evaluating;

namespace Retort.Benchmarks;

/// <summary>
/// DOTA's task 1 from label and result files to the numbers at ten thresholds. The authors' script takes about a minute for such files.
/// </summary>
internal static class DotaEvaluationBenchmark
{
    public const string Name = "dota-evaluation";

    private const int Seed = 7;
    private const int Runs = 5;
    private const int Images = 200;
    private const int Classes = 15;
    private const int Objects = 12_000;
    private const int Detections = 18_000;
    private const int Side = 1024;

    public static IEnumerable<BenchmarkRow> Run()
    {
        string folder = Directory.CreateTempSubdirectory("retort-bench-").FullName;
        try
        {
            Write(folder);
            double cold = Evaluate(folder);
            double[] seconds = [.. Enumerable.Range(0, Runs).Select(_ => Evaluate(folder)).Order()];
            yield return new BenchmarkRow(
                $"{Name}, {Images} images, {Classes} classes, {Detections:N0} detections",
                Text($"{seconds[Runs / 2]:0.000} s (cold {cold:0.000} s)"), "", "", "2 s");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Evaluate(string folder)
    {
        var watch = Stopwatch.StartNew();
        string results = Path.Combine(folder, "results");
        RotatedTruth truth = RotatedTruth.Read(Path.Combine(folder, "labelTxt"), list: null, Task1Reader.ClassesIn(results));
        _ = DotaEvaluator.Evaluate(truth.Objects, Task1Reader.Read(results, truth.ClassNames, truth.ImageNames).Detections,
            truth.ClassNames.Count).AP;
        return watch.Elapsed.TotalSeconds;
    }

    // Most detections lie on an object of their class, as those of a trained detector do.
    private static void Write(string folder)
    {
        var random = new Random(Seed);
        (int Image, int Class, RotatedBox Box)[] objects =
            [.. Enumerable.Range(0, Objects).Select(_ => (random.Next(Images), random.Next(Classes), Box(random)))];
        StringBuilder[] labels = [.. Enumerable.Range(0, Images).Select(_ => new StringBuilder("imagesource:drawn\ngsd:1\n"))];
        foreach ((int image, int kind, RotatedBox box) in objects)
        {
            labels[image].Append(Corners(box)).Append(Text($" class{kind} {(random.Next(20) == 0 ? 1 : 0)}\n"));
        }

        StringBuilder[] results = [.. Enumerable.Range(0, Classes).Select(_ => new StringBuilder())];
        for (int d = 0; d < Detections; d++)
        {
            (int image, int kind, RotatedBox box) = objects[random.Next(Objects)];
            RotatedBox found = random.Next(4) == 0 ? Box(random)
                : box with { CentreX = box.CentreX + random.Next(-4, 5), Width = box.Width * 1.1f, Angle = box.Angle + 0.05f };
            results[kind].Append(Text($"P{image:0000} {random.NextDouble():0.0000} ")).Append(Corners(found)).Append('\n');
        }

        Save(Path.Combine(folder, "labelTxt"), labels, i => Text($"P{i:0000}.txt"));
        Save(Path.Combine(folder, "results"), results, k => $"Task1_class{k}.txt");
    }

    private static RotatedBox Box(Random random) => new(
        random.Next(Side), random.Next(Side), 10 + random.Next(60), 10 + random.Next(60), (float)(random.NextDouble() * Math.PI / 2));

    private static string Corners(RotatedBox box) => string.Join(' ', box.Corners.ToArray().Select(v => Text($"{v:0.00}")));

    private static void Save(string folder, StringBuilder[] texts, Func<int, string> name)
    {
        Directory.CreateDirectory(folder);
        for (int i = 0; i < texts.Length; i++)
        {
            File.WriteAllText(Path.Combine(folder, name(i)), texts[i].ToString());
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
