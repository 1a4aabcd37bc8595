using Retort.Vision.Imaging;
using Retort.Vision.Threading;

namespace Retort.Vision.Splitting;

/// <summary>Cuts the windows of one image, from top to bottom, so that no more of it is held than the windows of one height need.</summary>
internal static unsafe class WindowCutter
{
    // What lies beyond the image: the mean colour of ImageNet, as in the authors' tool (blue, green, red).
    private static readonly byte[] PaddingColor = [104, 116, 124];

    /// <summary>Cuts windows and hands each to <paramref name="write"/>, which must not keep it; calls come from several threads.</summary>
    /// <param name="path">The image.</param>
    /// <param name="windows">The windows, in any order.</param>
    /// <param name="parallel">How many threads write.</param>
    /// <param name="write">Takes the pixels of a window.</param>
    public static void Cut(string path, IReadOnlyList<SplitWindow> windows, ParallelOptions parallel, Action<SplitWindow, Image> write)
    {
        using RowSource source = RowSource.Open(path, windows.Max(w => w.Size));
        foreach (IGrouping<int, SplitWindow> band in windows.GroupBy(w => Math.Min(w.Bottom, source.Height)).OrderBy(g => g.Key))
        {
            source.ReadUntil(band.Key);
            ParallelLoop.ForEach(band, parallel, window =>
            {
                using Image part = Crop(source, window);
                write(window, part);
            });
        }
    }

    private static Image Crop(RowSource source, SplitWindow window)
    {
        var part = new Image(window.Size, window.Size);
        int width = Math.Min(window.Right, source.Width) - window.X;
        int height = Math.Min(window.Bottom, source.Height) - window.Y;
        for (int y = 0; y < window.Size; y++)
        {
            int inside = y < height ? width * Image.Channels : 0;
            Span<byte> row = part.Row(y);
            if (inside > 0)
            {
                new ReadOnlySpan<byte>(source.Row(window.Y + y) + ((long)window.X * Image.Channels), inside).CopyTo(row);
            }

            Fill(row[inside..]);
        }

        return part;
    }

    private static void Fill(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = PaddingColor[i % Image.Channels];
        }
    }
}
