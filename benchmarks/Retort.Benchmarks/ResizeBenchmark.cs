using System.Diagnostics;
using Retort.Vision.Imaging;

namespace Retort.Benchmarks;

/// <summary>
/// Bilinear resize of one image on one thread against OpenCV (benchmarks/peer/resize.py); the tests show that the pixels are equal.
/// </summary>
internal static class ResizeBenchmark
{
    public const string Name = "resize";

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
        using var image = new Image(width, height);
        new Random(0).NextBytes(image.Pixels);
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < WarmUp;)
        {
            Resize();
        }

        using PythonPeer? peer = PythonPeer.Start("resize.py", "cv2", width, height, newWidth, newHeight);
        return new PairedRuns($"{Name} {width}x{height} to {newWidth}x{newHeight}", 11, "2")
        {
            RunsOfATurn = 20,
            PeerName = "OpenCV"
        }.Compare(Resize, peer);

        void Resize() => BilinearResize.Resize(image, newWidth, newHeight).Dispose();
    }
}
