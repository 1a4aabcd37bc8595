using Retort.Core.Options;
namespace Retort.Vision.Splitting;

/// <summary>The windows of an image.</summary>
public static class SlidingWindows
{
    // Windows whose share is this near the best are kept where none has the wanted share.
    private const double Nearly = 0.01;

    /// <summary>
    /// Windows that are size - gap apart, the last of a row or column moved back to the image's edge; by grid, then from left to right,
    /// then from top to bottom.
    /// </summary>
    /// <param name="width">Width of the image in pixels, 1 or more.</param>
    /// <param name="height">Height of the image in pixels, 1 or more.</param>
    /// <param name="options">Sizes, gaps, rates and the least share of the image; the others have no effect.</param>
    public static IReadOnlyList<SplitWindow> Over(int width, int height, SplitOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        OptionRules.Check(options);
        SplitWindow[] all =
        [
            .. options.Grids.SelectMany(grid =>
                from x in Starts(width, grid)
                from y in Starts(height, grid)
                select new SplitWindow(x, y, grid.Size)),
        ];
        double[] shares = [.. all.Select(window => Share(window, width, height))];
        double best = shares.Max();
        bool none = best <= options.ImageShare;
        return [.. all.Where((_, i) => none ? best - shares[i] < Nearly : shares[i] > options.ImageShare)];
    }

    private static IEnumerable<int> Starts(int length, (int Size, int Gap) grid)
    {
        int step = grid.Size - grid.Gap;
        int count = length <= grid.Size ? 1 : (length - grid.Size + step - 1) / step + 1;
        return Enumerable.Range(0, count).Select(i => count == 1 ? 0 : Math.Min(i * step, length - grid.Size));
    }

    private static double Share(SplitWindow window, int width, int height) =>
        (double)(Math.Min(window.Right, width) - window.X) * (Math.Min(window.Bottom, height) - window.Y)
            / ((double)window.Size * window.Size);
}
