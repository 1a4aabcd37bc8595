using System.Diagnostics;
using System.Globalization;
using Retort.Vision.Imaging;

namespace Retort.Benchmarks;

/// <summary>Bilinear resize of one image on one thread against OpenCV (benchmarks/peer/resize.py); the tests show that the pixels are equal.</summary>
internal static class ResizeBenchmark
{
    public const string Name = "resize";

    private const int Runs = 200;

    // The runtime compiles hot code anew some 100 ms after it was first called.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<BenchmarkRow> Run()
    {
        yield return Compare(640, 480, 1067, 800);
        yield return Compare(1333, 800, 533, 320);
        yield return Compare(1280, 960, 640, 480);
    }

    private static BenchmarkRow Compare(int width, int height, int newWidth, int newHeight)
    {
        string name = $"{Name} {width}x{height} to {newWidth}x{newHeight}";
        double ours = Median(width, height, newWidth, newHeight);
        int[] arguments = [width, height, newWidth, newHeight, Runs];
        string time = Milliseconds(ours);
        return PythonPeer.Run("resize.py", "cv2", [.. arguments.Select(a => a.ToString(CultureInfo.InvariantCulture))]) is { } peer
            && peer.GetProperty("seconds").GetDouble() is var theirs
            ? new BenchmarkRow(name, time, $"{Milliseconds(theirs)} (OpenCV)", (ours / theirs).ToString("0.00", CultureInfo.InvariantCulture), "2")
            : new BenchmarkRow(name, time, "needs python3 with OpenCV", "", "2");
    }

    private static double Median(int width, int height, int newWidth, int newHeight)
    {
        using var image = new Image(width, height);
        new Random(0).NextBytes(image.Pixels);
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            BilinearResize.Resize(image, newWidth, newHeight).Dispose();
        }

        double[] seconds = new double[Runs];
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            BilinearResize.Resize(image, newWidth, newHeight).Dispose();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[Runs / 2];
    }

    private static string Milliseconds(double seconds) => (seconds * 1e3).ToString("0.00 ms", CultureInfo.InvariantCulture);
}
