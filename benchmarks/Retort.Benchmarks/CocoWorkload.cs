using Retort.Core.Geometry;
using Retort.Evaluation.Coco;

namespace Retort.Benchmarks;

/// <summary>
/// Made-up ground truth and detections of the size of COCO val2017: boxes of all sizes with a skewed choice of class, each found several
/// times with shifts, and false positives of low score. The same seed gives the same files.
/// </summary>
internal static class CocoWorkload
{
    public const int Images = 5_000;
    public const int Categories = 80;
    public const int Boxes = 36_000;
    public const int Detections = 485_000;

    private const int ImageWidth = 640;
    private const int ImageHeight = 480;
    private const double CrowdShare = 0.01;
    private const double HitShare = 0.4;

    /// <summary>Writes <c>gt.json</c> and <c>dets.json</c> into a folder.</summary>
    /// <param name="fraction">Part of the full size, by images.</param>
    public static (string GroundTruth, string Detections) Write(string folder, int seed, double fraction = 1)
    {
        var random = new Random(seed);
        (int images, int boxes, int count) = ((int)(Images * fraction), (int)(Boxes * fraction), (int)(Detections * fraction));
        var truth = new TruthColumns(boxes);
        for (int i = 0; i < boxes; i++)
        {
            truth.Set(i, random.Next(images), Category(random), Box(random), random.NextDouble() < CrowdShare);
        }

        (string truthPath, string detectionPath) = (Path.Combine(folder, "gt.json"), Path.Combine(folder, "dets.json"));
        CocoWorkloadWriter.Write(truthPath, images, Categories, truth);
        WriteDetections(detectionPath, random, images, count, truth);
        return (truthPath, detectionPath);
    }

    private static void WriteDetections(string path, Random random, int images, int count, TruthColumns truth)
    {
        var detections = new CocoDetections(count);
        for (int i = 0; i < count; i++)
        {
            if (random.NextDouble() < HitShare)
            {
                int hit = random.Next(truth.Count);
                double quality = random.NextDouble();
                detections.Add(truth.ImageIds[hit], truth.CategoryIds[hit], Shift(random, truth.Box(hit), 0.4 * (1 - quality)),
                    Score(quality * random.NextDouble()));
            }
            else
            {
                detections.Add(random.Next(images), Category(random), Box(random), Score(0.5 * Math.Pow(random.NextDouble(), 3)));
            }
        }

        detections.Write(path);
    }

    // Detectors write scores of float precision; three digits would make unlikely many ties.
    private static double Score(double value) => Math.Round(value, 7);

    private static int Category(Random random) => 1 + (int)(Categories * Math.Pow(random.NextDouble(), 2));

    private static double[] Box(Random random)
    {
        double width = Math.Round(4 + (400 * Math.Pow(random.NextDouble(), 2.5)), 2);
        double height = Math.Round(4 + (400 * Math.Pow(random.NextDouble(), 2.5)), 2);
        return [Math.Round(random.NextDouble() * (ImageWidth - width), 2), Math.Round(random.NextDouble() * (ImageHeight - height), 2),
            width, height];
    }

    private static double[] Shift(Random random, ReadOnlySpan<double> box, double amount)
    {
        double Off(double size) => (random.NextDouble() - 0.5) * amount * size;
        return
        [
            Math.Round(box[0] + Off(box[2]), 2), Math.Round(box[1] + Off(box[3]), 2),
            Math.Round(box[2] + Off(box[2]), 2), Math.Round(box[3] + Off(box[3]), 2),
        ];
    }
}
