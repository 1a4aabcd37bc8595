using System.Diagnostics;
using System.Globalization;
using Retort.Core.Geometry;
using Retort.Vision.Data;
using Retort.Vision.Datasets;
using Retort.Vision.Imaging;
using Retort.Vision.Loading;
using Retort.Vision.Transforms;

namespace Retort.Benchmarks;

/// <summary>
/// From JPEG files of 640x480 to normalised batches at 1333x800, keep ratio, with two workers. The files are drawn, seeded.
/// </summary>
internal static class DataLoaderBenchmark
{
    public const string Name = "data-loader";

    private const int Files = 16;
    private const int Repeats = 16;
    private const int Runs = 5;

    public static IEnumerable<BenchmarkRow> Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("retort-bench-");
        try
        {
            var dataset = new RepeatDataset(new DrawnDataset(folder.FullName, Files), Repeats);
            var loader = new DataLoader(dataset, new PipelineOptions(), new DataLoaderOptions { BatchSize = 2, Workers = 2 });
            Read(loader, epoch: 0); // compiles the hot loops
            double[] rates = [.. Enumerable.Range(1, Runs).Select(epoch => Read(loader, epoch)).Order()];
            string rate = rates[Runs / 2].ToString("0 images/s", CultureInfo.InvariantCulture);
            yield return new BenchmarkRow($"{Name}, 640x480 JPEG to 1333x800 batches, 2 workers", rate, "", "", "100 images/s");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Read(DataLoader loader, int epoch)
    {
        int images = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (ImageBatch batch in loader.Epoch(epoch))
        {
            using (batch)
            {
                images += batch.Count;
            }
        }

        return images / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Colour gradients with noise: files of about 100 kB, as photographs of this size have.</summary>
    private sealed class DrawnDataset : IDetectionDataset
    {
        private const int Width = 640;
        private const int Height = 480;
        private const int NoiseLevels = 24;

        private readonly ImageRecord[] _records;

        public DrawnDataset(string folder, int count) =>
            _records = [.. Enumerable.Range(0, count).Select(i => Draw(Path.Combine(folder, $"{i}.jpg"), i))];

        public string Name => "drawn";

        public IReadOnlyList<string> ClassNames => ["object"];

        public IReadOnlyList<long> CategoryIds => [1];

        public int Count => _records.Length;

        public ImageRecord this[int index] => _records[index];

        private static ImageRecord Draw(string path, int seed)
        {
            using var image = new Image(Width, Height);
            var random = new Random(seed);
            for (int y = 0; y < Height; y++)
            {
                Span<byte> row = image.Row(y);
                for (int i = 0; i < row.Length; i++)
                {
                    row[i] = (byte)((((i / 3 * (seed + 1)) + (y * (i % 3))) / 8 % 220) + random.Next(NoiseLevels));
                }
            }

            ImageEncoder.Write(path, image, quality: 90);
            return new ImageRecord(seed, path, Width, Height, [new ObjectAnnotation(new Box(100, 100, 300, 300), 0, false, 40_000)]);
        }
    }
}
